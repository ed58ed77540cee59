package requestid

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestMiddleware(t *testing.T) {
	tests := []struct {
		given string
		keep  bool
	}{
		{"abc-123_x.y:z/8+9=", true},
		{strings.Repeat("a", 128), true},
		{"", false},
		{strings.Repeat("a", 129), false},
		{"two words", false},
		{"line\nbreak", false},
		{"quote\"", false},
		{"ünïcode", false},
	}
	for _, test := range tests {
		var seen string
		h := Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = From(r.Context()) }))
		rec, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set(Header, test.given)
		h.ServeHTTP(rec, r)
		if (seen == test.given) != test.keep || rec.Header().Get(Header) != seen || len(seen) < 3 {
			t.Errorf("%q: %q", test.given, seen)
		}
	}
	if first, second := newID(), newID(); first == second {
		t.Error("ids repeat")
	}
	if From(context.Background()) != "" {
		t.Error("an id outside of a request")
	}
}
