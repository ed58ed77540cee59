package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"previewd/server/auth"
)

func TestToken(t *testing.T) {
	const secret = "0123456789abcdef0123456789abcdef"
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	verifier, err := auth.NewVerifier(auth.Options{Secrets: [][]byte{[]byte(secret)}})
	if err != nil {
		t.Fatal(err)
	}
	for name, variable := range map[string]string{"variable": "PREVIEW_JWT_SECRET=" + secret + ",another-secret-that-is-old-0123456789", "file": "PREVIEW_JWT_SECRET_FILE=" + file} {
		t.Run(name, func(t *testing.T) {
			d := Deps{Environ: environOf(t, "", variable)}
			r := runWith(t, t.Context(), d, "token", "--sub", "ann", "--ttl", "1m", "--admin")
			wantCode(t, r, ExitOK)
			who, err := verifier.Verify(t.Context(), strings.TrimSpace(r.stdout))
			if err != nil || who.User != "ann" || !who.Admin {
				t.Errorf("%+v, %v", who, err)
			}
			r = runWith(t, t.Context(), d, "token", "--json")
			var body struct {
				Token     string    `json:"token"`
				ExpiresAt time.Time `json:"expires_at"`
			}
			if err := json.Unmarshal([]byte(r.stdout), &body); err != nil || time.Until(body.ExpiresAt) < 11*time.Hour {
				t.Errorf("%s, %v", r.stdout, err)
			}
			if who, err := verifier.Verify(t.Context(), body.Token); err != nil || who.User != "dev" || who.Admin {
				t.Errorf("%+v, %v", who, err)
			}
			wantCode(t, runWith(t, t.Context(), d, "token", "--ttl", "-1m"), ExitUsage)
		})
	}
	wantCode(t, run(t, "", "token"), ExitUsage)
}

func TestTokenNamesIssuerAndAudience(t *testing.T) {
	const secret = "0123456789abcdef0123456789abcdef"
	verifier := func(issuer, audience string) *auth.Verifier {
		v, err := auth.NewVerifier(auth.Options{Secrets: [][]byte{[]byte(secret)}, Issuer: issuer, Audience: audience})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	f := newFakeAPI(t)
	d := Deps{Environ: environOf(t, f.server.URL, "PREVIEW_JWT_SECRET="+secret, "PREVIEW_JWT_ISSUER=us", "PREVIEW_JWT_AUDIENCE=previewd")}
	r := runWith(t, t.Context(), d, "token")
	if _, err := verifier("us", "previewd").Verify(t.Context(), strings.TrimSpace(r.stdout)); err != nil {
		t.Error(err)
	}
	r = runWith(t, t.Context(), d, "token", "--issuer", "them", "--audience", "other")
	if _, err := verifier("them", "other").Verify(t.Context(), strings.TrimSpace(r.stdout)); err != nil {
		t.Error(err)
	}
	wantCode(t, runWith(t, t.Context(), d, "ls"), ExitOK)
	if _, err := verifier("us", "previewd").Verify(t.Context(), strings.TrimPrefix(f.seen()[0], "Bearer ")); err != nil {
		t.Error("the client's own token:", err)
	}
}
