package upstream_test

import (
	"net/http"
	"strings"
	"testing"

	"previewd/runtime/upstream"
)

func TestTargets(t *testing.T) {
	tests := []struct{ target, path, query string }{
		{"/", "/", ""},
		{"/?", "/", ""},
		{"/a/b.c;d=1/~e?x=1&y=a/b?c", "/a/b.c;d=1/~e", "x=1&y=a/b?c"},
		{"/%41%2f%2F?%20=%3d", "/%41%2f%2F", "%20=%3d"},
		{"/grün/{id}?q=ü|\"", "/gr%C3%BCn/%7Bid%7D", "q=%C3%BC%7C%22"},
		{"/\xff", "/%FF", ""},
		{"/a//b/", "/a//b/", ""},
		{"/.../.a/a./..b", "/.../.a/a./..b", ""},
		{"/%252e%252e/", "/%252e%252e/", ""},
		{"/?path=../..&u=http://x//y", "/", "path=../..&u=http://x//y"},
		{"/" + strings.Repeat("a", upstream.MaxTarget-1), "/" + strings.Repeat("a", upstream.MaxTarget-1), ""},
	}
	for _, test := range tests {
		path, query, err := upstream.ParseTarget(test.target)
		if err != nil || path != test.path || query != test.query {
			t.Errorf("%.60q: %.60q %q %v", test.target, path, query, err)
		}
	}
}

func TestRefusedTargets(t *testing.T) {
	const dots, mark = "has a dot segment", "percent-encode it"
	tests := map[string]string{
		"": "begins with /", "a": "begins with /", "*": "begins with /", "?a=1": "begins with /", "http://evil/": "begins with /", "evil:80": "begins with /",
		"//evil/": "names a host", "//": "names a host", "///evil": "names a host",
		"/\\evil": mark, "\\\\evil": "begins with /", "/a#b": mark, "/a b": mark, "/a\tb": mark, "/a\r\nX: y": mark, "/a\x00": mark, "/a\x7f": mark,
		"/?a=1\nb": mark, "/?a b": mark, "/?a#b": mark, "/?a\\b": mark,
		"/..": dots, "/.": dots, "/a/../b": dots, "/a/.": dots, "/./a": dots, "/%2e%2e/a": dots, "/%2E.": dots, "/.%2e": dots, "/a/%2e": dots,
		"/..%2fa": dots, "/a%2F..%2Fb": dots, "/..%5ca": dots, "/a/..;x/b": dots, "/a/..%3Bx/b": dots, "/%2e;/": dots,
		"/%": "two hexadecimal digits", "/%zz": "two hexadecimal digits", "/%4": "two hexadecimal digits", "/?%": "two hexadecimal digits",
		"/" + strings.Repeat("a", upstream.MaxTarget): "longer than 8192 bytes",
	}
	for target, says := range tests {
		if _, _, err := upstream.ParseTarget(target); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.40q: %v", target, err)
		}
	}
}

// FuzzTargets sends what passes to an app: it gets there as one request for a path without surprises.
func FuzzTargets(f *testing.F) {
	for _, seed := range []string{"/", "//a", "/a?b=c", "/%2e%2e", "/ä", "/a\r\nHost: b", "*"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, target string) {
		path, query, err := upstream.ParseTarget(target)
		if err != nil {
			return
		}
		sent := path
		if query != "" {
			sent += "?" + query
		}
		req, err := http.ReadRequest(requestFor(sent))
		if err != nil {
			t.Fatalf("%q becomes %q, which is no request: %v", target, sent, err)
		}
		if req.URL.Host != "" || req.URL.Scheme != "" || req.RequestURI != sent || strings.Contains("/"+req.URL.Path+"/", "/../") {
			t.Errorf("%q becomes %q, which is read as %+v", target, sent, req.URL)
		}
	})
}
