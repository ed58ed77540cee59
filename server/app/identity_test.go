package app_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"previewd/server/client"
)

// TestIdentityProvider starts previewd while its identity provider is away.
func TestIdentityProvider(t *testing.T) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := private.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	var up atomic.Bool
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !up.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		encode := base64.RawURLEncoding.EncodeToString
		_, _ = fmt.Fprintf(w, `{"keys":[{"kty":"EC","kid":"k1","crv":"P-256","x":%q,"y":%q}]}`, encode(point[1:33]), encode(point[33:]))
	}))
	t.Cleanup(provider.Close)
	s := start(t, append(settings(t, 1), "PREVIEW_JWT_SECRET=", "PREVIEW_JWKS_URL="+provider.URL, "PREVIEW_JWT_ISSUER=idp", "PREVIEW_JWT_AUDIENCE=previewd"))

	token := func(audience string) string {
		unsigned := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims{
			"sub": "ann", "iss": "idp", "aud": audience, "exp": time.Now().Add(time.Hour).Unix(),
		})
		unsigned.Header["kid"] = "k1"
		signed, err := unsigned.SignedString(private)
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
	ready := func() (int, string) {
		status, text := get(t, s.api+"/readyz")
		var body struct {
			Checks map[string]struct{ Status, Detail string }
		}
		if err := json.Unmarshal([]byte(text), &body); err != nil {
			t.Fatal(err, text)
		}
		return status, body.Checks["token_keys"].Status + ": " + body.Checks["token_keys"].Detail
	}
	if !eventually(10*time.Second, func() bool { _, detail := ready(); return detail == "failed: could never be fetched" }) {
		status, detail := ready()
		t.Fatal(status, detail)
	}
	if status, _ := ready(); status != 503 {
		t.Error("ready though nobody can be known:", status)
	}
	list := func(token string) string {
		c, err := client.New(s.api, client.StaticToken(token))
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Previews(t.Context())
		return fmt.Sprint(err)
	}
	if got := list(token("previewd")); !strings.Contains(got, "IDENTITY_UNAVAILABLE") {
		t.Error(got)
	}
	up.Store(true)
	if !eventually(patience, func() bool { status, _ := ready(); return status == 200 }) {
		t.Fatal("never ready")
	}
	if _, detail := ready(); detail != "ok: 1 key" {
		t.Error(detail)
	}
	if got := list(token("previewd")); got != "<nil>" {
		t.Error(got)
	}
	if got := list(token("other")); !strings.Contains(got, "INVALID_TOKEN") {
		t.Error(got)
	}
}
