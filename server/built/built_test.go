package built

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestFrom(t *testing.T) {
	want := Info{Version: "v1.2.3", Revision: "0123abcd", Go: runtime.Version()}
	if got := From("v1.2.3", "0123abcd"); got != want {
		t.Errorf("%+v", got)
	}
	want.Modified = true
	if got := From("v1.2.3", "0123abcd-dirty"); got != want {
		t.Errorf("%+v", got)
	}
}

func TestWhatGoNotes(t *testing.T) {
	revision, modified := noted([]debug.BuildSetting{
		{Key: "vcs", Value: "git"}, {Key: "vcs.revision", Value: "0123abcd"}, {Key: "vcs.modified", Value: "true"},
	})
	if revision != "0123abcd" || !modified {
		t.Errorf("%s, modified %v", revision, modified)
	}
	if revision, modified := noted(nil); revision != "" || modified {
		t.Errorf("of nothing: %s, modified %v", revision, modified)
	}
}
