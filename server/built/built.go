// Package built says what this program was built from.
package built

import (
	"runtime"
	"runtime/debug"
	"strings"
)

// Info names the source and the tools of a build.
type Info struct {
	Version  string
	Revision string // the commit; "" where nobody noted it
	Modified bool   // there was more than the commit has
	Go       string // such as go1.26.1
}

// dirty ends a revision that is not all the program was built from, as git describe puts it.
const dirty = "-dirty"

// From completes what the build was told. Without a revision it is the one that Go notes by itself when it builds in a
// repository.
func From(version, revision string) Info {
	i := Info{Version: version, Go: runtime.Version()}
	i.Revision, i.Modified = strings.CutSuffix(revision, dirty)
	if revision != "" {
		return i
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		i.Revision, i.Modified = noted(info.Settings)
	}
	return i
}

func noted(settings []debug.BuildSetting) (revision string, modified bool) {
	for _, s := range settings {
		switch s.Key {
		case "vcs.revision":
			revision = s.Value
		case "vcs.modified":
			modified = s.Value == "true"
		}
	}
	return revision, modified
}
