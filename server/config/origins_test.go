package config

import (
	"errors"
	"slices"
	"testing"
)

func loadOrigins(origins string, more ...string) ([]string, Problems) {
	cfg, _, err := Load(append([]string{"PREVIEW_JWT_SECRET=" + goodSecret, "PREVIEW_CORS_ORIGINS=" + origins}, more...))
	problems, _ := errors.AsType[Problems](err)
	return cfg.Origins(), problems
}

func TestOrigins(t *testing.T) {
	for given, want := range map[string][]string{
		"":  nil,
		"*": {"*"},
		"https://app.example.com, http://localhost:5173,":    {"https://app.example.com", "http://localhost:5173"},
		"http://127.0.0.1:3000 http://[::1]:3000":            {"http://127.0.0.1:3000", "http://[::1]:3000"},
		"https://xn--ngstrm-bua.example,https://a.b.c:65535": {"https://xn--ngstrm-bua.example", "https://a.b.c:65535"},
		"*,https://app.example.com":                          {"*", "https://app.example.com"},
		"http://127.0.0.1:3001,https://x.preview.localhost":  {"http://127.0.0.1:3001", "https://x.preview.localhost"},
	} {
		if got, problems := loadOrigins(given); !slices.Equal(got, want) || problems != nil {
			t.Errorf("%q: %q %v", given, got, problems)
		}
	}
}

// TestOriginsThatWouldNeverMatch are slips that a browser would answer with silence.
func TestOriginsThatWouldNeverMatch(t *testing.T) {
	for _, given := range []string{
		"app.example.com", "https://app.example.com/", "https://app.example.com/path", "https://App.example.com", "HTTPS://app.example.com",
		"https://app.example.com:443", "http://app.example.com:80", "https://*.example.com", "null", "https://", "ftp://app.example.com",
		"https://user@app.example.com", "https://app.example.com?x", "https://app.example.com#x", "https://app.example.com:0443",
		"https://app.example.com:99999", "https://ängström.example", "http://[0:0:0:0:0:0:0:1]:3000", "file://", "https://app.example.com,x", "**",
	} {
		_, problems := loadOrigins(given)
		if len(problems) != 1 || problems[0].Variable != "PREVIEW_CORS_ORIGINS" || problems[0].Value != given {
			t.Errorf("%q: %v", given, problems)
		}
	}
}

func TestOriginsWithoutTokens(t *testing.T) {
	for given, wrong := range map[string]int{
		"http://localhost:5173,https://app.example.com": 0,
		"*":                     1,
		"*,http://localhost":    1,
		"http://127.0.0.1:3001": 1, "http://localhost:3100": 1, "http://localhost:3101": 0,
		"http://x.preview.localhost:8080": 1, "https://preview.localhost": 0,
		"http://localhost:3001,http://localhost:3002": 2,
		"null": 1,
	} {
		if _, problems := loadOrigins(given, "PREVIEW_INSECURE=1"); len(problems) != wrong {
			t.Errorf("%q: %v", given, problems)
		}
	}
}
