package auth

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

var (
	current  = []byte("current-current-current-current-")
	previous = []byte("previous-previous-previous-previ")
	foreign  = []byte("foreign-foreign-foreign-foreign-")
)

func newVerifier(t *testing.T) *Verifier {
	t.Helper()
	v, err := NewVerifier(Options{Secrets: [][]byte{current, previous}})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func signed(t *testing.T, method jwt.SigningMethod, key any, c jwt.MapClaims) string {
	t.Helper()
	token, err := jwt.NewWithClaims(method, c).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestVerifyAccepts(t *testing.T) {
	exp := time.Now().Add(time.Hour).Unix()
	tests := []struct {
		name   string
		key    []byte
		claims jwt.MapClaims
		want   Identity
	}{
		{"current secret", current, jwt.MapClaims{"sub": "ann", "exp": exp}, Identity{User: "ann"}},
		{"previous secret", previous, jwt.MapClaims{"sub": "ann", "exp": exp}, Identity{User: "ann"}},
		{"admin", current, jwt.MapClaims{"sub": "ann", "exp": exp, "scope": "read admin"}, Identity{User: "ann", Admin: true}},
		{"no admin", current, jwt.MapClaims{"sub": "ann", "exp": exp, "scope": "administrator admin:x"}, Identity{User: "ann"}},
		{"scope of another form", current, jwt.MapClaims{"sub": "ann", "exp": exp, "scope": []string{"admin"}}, Identity{User: "ann"}},
		{"expired within the leeway", current, jwt.MapClaims{"sub": "ann", "exp": time.Now().Add(-20 * time.Second).Unix()}, Identity{User: "ann"}},
		{"valid from within the leeway", current, jwt.MapClaims{"sub": "ann", "exp": exp, "nbf": time.Now().Add(20 * time.Second).Unix()}, Identity{User: "ann"}},
		{"any printable subject", current, jwt.MapClaims{"sub": "auth0|Ängström 7", "exp": exp}, Identity{User: "auth0|Ängström 7"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := newVerifier(t).Verify(t.Context(), signed(t, jwt.SigningMethodHS256, test.key, test.claims))
			if err != nil || got != test.want {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestVerifyRefuses(t *testing.T) {
	exp := time.Now().Add(time.Hour).Unix()
	good := signed(t, jwt.SigningMethodHS256, current, jwt.MapClaims{"sub": "ann", "exp": exp})
	parts := strings.Split(good, ".")
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	sub := func(s string) string {
		return signed(t, jwt.SigningMethodHS256, current, jwt.MapClaims{"sub": s, "exp": exp})
	}
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`))
	tests := map[string]string{
		"nothing":            "",
		"no token":           "hello",
		"too long":           strings.Repeat("a", maxToken+1),
		"foreign secret":     signed(t, jwt.SigningMethodHS256, foreign, jwt.MapClaims{"sub": "ann", "exp": exp}),
		"algorithm none":     none + "." + parts[1] + ".",
		"none with a sig":    none + "." + parts[1] + "." + parts[2],
		"HS512":              signed(t, jwt.SigningMethodHS512, current, jwt.MapClaims{"sub": "ann", "exp": exp}),
		"RS256":              signed(t, jwt.SigningMethodRS256, rsaKey, jwt.MapClaims{"sub": "ann", "exp": exp}),
		"no expiry":          signed(t, jwt.SigningMethodHS256, current, jwt.MapClaims{"sub": "ann"}),
		"expired":            signed(t, jwt.SigningMethodHS256, current, jwt.MapClaims{"sub": "ann", "exp": time.Now().Add(-40 * time.Second).Unix()}),
		"not yet valid":      signed(t, jwt.SigningMethodHS256, current, jwt.MapClaims{"sub": "ann", "exp": exp, "nbf": time.Now().Add(time.Minute).Unix()}),
		"issued tomorrow":    signed(t, jwt.SigningMethodHS256, current, jwt.MapClaims{"sub": "ann", "exp": exp, "iat": time.Now().Add(24 * time.Hour).Unix()}),
		"no subject":         signed(t, jwt.SigningMethodHS256, current, jwt.MapClaims{"exp": exp}),
		"empty subject":      sub(""),
		"subject of numbers": signed(t, jwt.SigningMethodHS256, current, jwt.MapClaims{"sub": 7, "exp": exp}),
		"long subject":       sub(strings.Repeat("a", maxSubject+1)),
		"subject with \\n":   sub("ann\nadmin"),
		"changed payload":    parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"bob","exp":99999999999}`)) + "." + parts[2],
	}
	for name, token := range tests {
		t.Run(name, func(t *testing.T) {
			if got, err := newVerifier(t).Verify(t.Context(), token); !errors.Is(err, ErrInvalidToken) || got != (Identity{}) {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestClockIsInjected(t *testing.T) {
	later := func() time.Time { return time.Now().Add(2 * time.Hour) }
	v, err := NewVerifier(Options{Secrets: [][]byte{current}, Now: later})
	if err != nil {
		t.Fatal(err)
	}
	token := signed(t, jwt.SigningMethodHS256, current, jwt.MapClaims{"sub": "ann", "exp": time.Now().Add(time.Hour).Unix()})
	if _, err := v.Verify(t.Context(), token); !errors.Is(err, ErrInvalidToken) {
		t.Error(err)
	}
}

func TestInsecure(t *testing.T) {
	v, err := NewVerifier(Options{Insecure: true})
	if err != nil || !v.Insecure() {
		t.Fatal(err)
	}
	if got, err := v.Verify(t.Context(), ""); err != nil || got != (Identity{User: "dev"}) {
		t.Error(got, err)
	}
}

func TestNothingToVerifyWith(t *testing.T) {
	if _, err := NewVerifier(Options{}); !errors.Is(err, ErrNoKeys) {
		t.Error(err)
	}
}

func TestMint(t *testing.T) {
	for _, admin := range []bool{false, true} {
		token, err := Mint(current, "ann", time.Minute, admin)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := newVerifier(t).Verify(t.Context(), token); err != nil || got != (Identity{User: "ann", Admin: admin}) {
			t.Error(got, err)
		}
	}
	refused := map[string]func() (string, error){
		"short secret": func() (string, error) { return Mint([]byte("short"), "ann", time.Minute, false) },
		"no user":      func() (string, error) { return Mint(current, "", time.Minute, false) },
		"bad user":     func() (string, error) { return Mint(current, "a\xffb", time.Minute, false) },
		"no lifetime":  func() (string, error) { return Mint(current, "ann", 0, false) },
	}
	for name, mint := range refused {
		if token, err := mint(); err == nil || token != "" {
			t.Errorf("%s: %q", name, token)
		}
	}
}

func TestIdentity(t *testing.T) {
	if _, ok := From(context.Background()); ok {
		t.Error("somebody in an empty context")
	}
	got, ok := From(With(context.Background(), Identity{User: "ann"}))
	if !ok || got.User != "ann" {
		t.Error(got, ok)
	}
	tests := []struct {
		who   Identity
		owner string
		want  bool
	}{
		{Identity{User: "ann"}, "ann", true},
		{Identity{User: "ann"}, "bob", false},
		{Identity{User: "ann", Admin: true}, "bob", true},
		{Identity{}, "", false},
	}
	for _, test := range tests {
		if test.who.May(test.owner) != test.want {
			t.Errorf("%+v and %q", test.who, test.owner)
		}
	}
}
