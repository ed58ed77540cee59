package urlpath_test

import (
	"slices"
	"testing"

	"previewd/runtime/endpoints/internal/urlpath"
)

func TestForms(t *testing.T) {
	for _, c := range []struct{ form, in, want string }{
		{"flask", "/a/<int:id>/<name>", "/a/{id}/{name}"},
		{"flask", "/<any(a, b):kind>/<string(length=2):lang>", "/{kind}/{lang}"},
		{"flask", "articles/<slug:slug>/", "articles/{slug}/"},
		{"braces", "/files/{file_path:path}", "/files/{file_path}"},
		{"braces", "/a/{id:[0-9]{2,4}}/{b}", "/a/{id}/{b}"},
		{"regex", `^articles/(?P<year>[0-9]{4})/$`, "articles/{year}/"},
		{"regex", `^a/(\d+)/b/([^/]+)/?$`, "a/{arg0}/b/{arg1}/"},
		{"regex", `^users/(?:page-(?P<n>\d+)/)?$`, "users/"},
		{"regex", `^(?:v1|v2)/x\.json\Z`, "v1/x.json"},
		{"regex", `^(?P<slug>[\w()-]+)/`, "{slug}/"},
		{"clean", "a//b/", "/a/b/"},
		{"clean", "", "/"},
	} {
		forms := map[string]func(string) string{
			"flask": urlpath.Flask, "braces": urlpath.Braces, "regex": urlpath.Regex, "clean": urlpath.Clean,
		}
		if got := forms[c.form](c.in); got != c.want {
			t.Errorf("%s(%q) = %q, want %q", c.form, c.in, got, c.want)
		}
	}
}

func TestParams(t *testing.T) {
	if got := urlpath.Params("/a/{b}/{c}.json"); !slices.Equal(got, []string{"b", "c"}) {
		t.Errorf("Params = %v", got)
	}
}

func FuzzRegex(f *testing.F) {
	f.Add(`^a/(?P<x>[^)]+)/\`)
	f.Add(`(((`)
	f.Add(`[\`)
	f.Fuzz(func(_ *testing.T, pattern string) { urlpath.Regex(pattern) })
}
