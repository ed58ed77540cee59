package upstream_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"previewd/runtime/upstream"
)

func TestEndToEnd(t *testing.T) {
	given := http.Header{"Connection": {"close", "x-one, X-Two ,"}, "X-One": {"1"}, "X-Two": {"2"}, "X-Three": {"3"}, "Trailer": {"X"}}
	if diff := cmp.Diff(http.Header{"X-Three": {"3"}}, upstream.EndToEnd(given)); diff != "" {
		t.Error(diff)
	}
	if len(given) != 5 || upstream.EndToEnd(nil) == nil {
		t.Error("the headers given were changed, or none cannot be added to")
	}
}

func TestTokensAndValues(t *testing.T) {
	for token, want := range map[string]bool{"GET": true, "M-SEARCH": true, "x_`|~!#$%&'*+.^": true, "": false, "A B": false, "A:": false, "Ä": false, "A\r\n": false, "(": false} {
		if upstream.ValidToken(token) != want {
			t.Errorf("token %q: %v", token, !want)
		}
	}
	for value, want := range map[string]bool{"": true, "a\tb": true, "ü": true, "a\r\nb": false, "a\x00": false, "\x7f": false, "\n": false} {
		if upstream.ValidHeaderValue(value) != want {
			t.Errorf("value %q: %v", value, !want)
		}
	}
}
