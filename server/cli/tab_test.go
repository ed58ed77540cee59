package cli

import "testing"

func TestTabAddress(t *testing.T) {
	for name, tt := range map[string]struct{ set, api, token, want string }{
		"local":            {"", "http://127.0.0.1:8080", "t.o.k", "http://preview.localhost:8080/previews/app#token=t.o.k"},
		"local, no token":  {"", "http://localhost:8080", "", "http://preview.localhost:8080/previews/app"},
		"another domain":   {"PREVIEW_BASE_DOMAIN=previews.example.com", "http://127.0.0.1:8080", "t", "http://127.0.0.1:8080/previews/app#token=t"},
		"another machine":  {"", "https://previewd.example.com", "t", "https://previewd.example.com/previews/app#token=t"},
		"a local one, too": {"PREVIEW_BASE_DOMAIN=p.localhost", "http://[::1]:80", "t", "http://p.localhost:80/previews/app#token=t"},
	} {
		t.Run(name, func(t *testing.T) {
			a := &app{deps: Deps{Environ: environOf(t, "", tt.set)}}
			if got := a.tabAddress(tt.api, "app", tt.token); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}
