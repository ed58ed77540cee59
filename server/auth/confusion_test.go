package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// forged is a token that claims to be signed by the method and names a key.
func forged(t *testing.T, method jwt.SigningMethod, secret any, id string) string {
	t.Helper()
	return key{method: method, private: secret, public: jwk{"kid": id}}.token(t)
}

// TestNoKeyIsTakenForAnother tries to have a token accepted by a key that was not made for its algorithm.
func TestNoKeyIsTakenForAnother(t *testing.T) {
	r, e, o := rsaKey(t, "r"), ecKey(t, "e"), edKey(t, "o")
	oct := key{method: jwt.SigningMethodHS256, private: current, public: jwk{"kty": "oct", "kid": "oct", "k": encode(current), "alg": "HS256"}}
	p := newProvider(t, r.public, e.public, o.public, oct.public)
	keysOnly := verifierOf(t, p.keySet())
	both, err := NewVerifier(Options{Secrets: [][]byte{foreign}, Keys: p.keySet()})
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&r.private.(*rsa.PrivateKey).PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	published, err := json.Marshal(r.public)
	if err != nil {
		t.Fatal(err)
	}
	block := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]string{
		"HMAC by the public key in PEM":     forged(t, jwt.SigningMethodHS256, block, "r"),
		"HMAC by the public key in DER":     forged(t, jwt.SigningMethodHS256, der, "r"),
		"HMAC by the published key":         forged(t, jwt.SigningMethodHS256, published, "r"),
		"HMAC by the modulus":               forged(t, jwt.SigningMethodHS256, []byte(r.public["n"].(string)), "r"),
		"HMAC by an Ed25519 key":            forged(t, jwt.SigningMethodHS256, []byte(o.public["x"].(string)), "o"),
		"HMAC by nothing":                   forged(t, jwt.SigningMethodHS256, []byte{}, "r"),
		"HMAC by a published secret":        oct.token(t),
		"HMAC by it without a kid":          oct.with("kid", nil).token(t),
		"RS256 with the EC key's kid":       r.with("kid", "e").token(t),
		"ES256 with the RSA key's kid":      e.with("kid", "r").token(t),
		"EdDSA with the RSA key's kid":      o.with("kid", "r").token(t),
		"PS256 by the RSA key":              forged(t, jwt.SigningMethodPS256, r.private, "r"),
		"RS512 by the RSA key":              forged(t, jwt.SigningMethodRS512, r.private, "r"),
		"ES384 with the EC key's kid":       forged(t, jwt.SigningMethodES384, p384, "e"),
		"none":                              forged(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, "r"),
		"none without a kid":                key{method: jwt.SigningMethodNone, private: jwt.UnsafeAllowNoneSignatureType}.token(t),
		"another algorithm in the header":   r.token(t, func(x *jwt.Token) { x.Header["alg"] = "ES256" }),
		"HS256 in the header":               r.token(t, func(x *jwt.Token) { x.Header["alg"] = "HS256" }),
		"a key of its own in the header":    rsaKey(t, "mine").with("kid", nil).token(t, func(x *jwt.Token) { x.Header["jwk"] = r.public }),
		"an address of keys in the header":  rsaKey(t, "mine").token(t, func(x *jwt.Token) { x.Header["jku"] = "http://127.0.0.1:1/" }),
		"a critical extension":              r.token(t, func(x *jwt.Token) { x.Header["crit"] = []string{"b64"}; x.Header["b64"] = false }),
		"a kid that is a number":            r.token(t, func(x *jwt.Token) { x.Header["kid"] = 7 }),
		"a kid that is null":                r.token(t, func(x *jwt.Token) { x.Header["kid"] = nil }),
		"the right secret and a key's kid":  forged(t, jwt.SigningMethodHS256, foreign, "r"),
		"the right secret and another hash": forged(t, jwt.SigningMethodHS512, foreign, ""),
	}
	good(t, keysOnly, r.token(t)) // the keys are known before the first attack
	good(t, both, r.token(t))
	for name, token := range tests {
		t.Run(name, func(t *testing.T) {
			bad(t, keysOnly, token)
			bad(t, both, token)
		})
	}
	good(t, both, forged(t, jwt.SigningMethodHS256, foreign, "mine")) // a kid that names no published key is nobody's
	bad(t, keysOnly, forged(t, jwt.SigningMethodHS256, foreign, "mine"))
	secretOnly, err := NewVerifier(Options{Secrets: [][]byte{current}})
	if err != nil {
		t.Fatal(err)
	}
	bad(t, secretOnly, r.token(t))
	bad(t, secretOnly, oct.token(t, func(x *jwt.Token) { x.Header["crit"] = []string{"exp"} }))
}

// TestKeysOfNoUse publishes a good key beside one that must not verify anything.
func TestKeysOfNoUse(t *testing.T) {
	r, e, o := rsaKey(t, "x"), ecKey(t, "x"), edKey(t, "x")
	small := r.with("n", encode(append([]byte{0xff}, make([]byte, 127)...))) // 1024 bits
	for name, k := range map[string]key{
		"for encryption":          r.with("use", "enc"),
		"for signing alone":       e.with("key_ops", []string{"sign"}),
		"for another algorithm":   r.with("alg", "PS256"),
		"for another type's":      e.with("alg", "RS256"),
		"of an unknown type":      r.with("kty", "PQ"),
		"without a type":          r.with("kty", nil),
		"on another curve":        e.with("crv", "P-384"),
		"off its curve":           e.with("x", e.public["y"]),
		"of another curve":        o.with("crv", "Ed448"),
		"too short an Ed25519":    o.with("x", encode(make([]byte, 31))),
		"too small a modulus":     small,
		"without a modulus":       r.with("n", nil),
		"with a broken modulus":   r.with("n", "!!"),
		"with a number for a kid": r.with("kid", 7),
	} {
		t.Run(name, func(t *testing.T) {
			fine := edKey(t, "fine")
			keys := newProvider(t, k.public, fine.public).keySet()
			v := verifierOf(t, keys)
			bad(t, v, k.with("kid", "x").token(t))
			good(t, v, fine.token(t))
			if detail, _ := keys.Status(); detail != "1 key" {
				t.Error(detail)
			}
		})
	}
	// Certificates beside a key are not looked at, whatever they are.
	k := r.with("x5c", []string{"bm90IGEgY2VydGlmaWNhdGU="}).with("x5t", "AAAA").with("x5u", "http://127.0.0.1:1/")
	good(t, verifierOf(t, newProvider(t, k.public).keySet()), k.token(t))
}

func TestIssuerAndAudience(t *testing.T) {
	v, err := NewVerifier(Options{Secrets: [][]byte{current}, Issuer: "https://id.example/", Audience: "previewd"})
	if err != nil {
		t.Fatal(err)
	}
	exp := time.Now().Add(time.Hour).Unix()
	of := func(iss, aud any) string {
		c := jwt.MapClaims{"sub": "ann", "exp": exp}
		if iss != nil {
			c["iss"] = iss
		}
		if aud != nil {
			c["aud"] = aud
		}
		return signed(t, jwt.SigningMethodHS256, current, c)
	}
	good(t, v, of("https://id.example/", "previewd"))
	good(t, v, of("https://id.example/", []string{"other", "previewd"}))
	for _, token := range []string{
		of(nil, nil), of("https://id.example/", nil), of(nil, "previewd"), of("https://id.example", "previewd"), of("https://evil.example/", "previewd"),
		of("https://id.example/", "other"), of("https://id.example/", []string{}), of("https://id.example/", []string{"previewd2"}),
		of([]string{"https://id.example/"}, "previewd"), of("https://id.example/", 7),
	} {
		bad(t, v, token)
	}
	minted, err := Mint(current, "ann", time.Minute, false, Between("https://id.example/", "previewd"))
	if err != nil {
		t.Fatal(err)
	}
	good(t, v, minted)
	if minted, err = Mint(current, "ann", time.Minute, false, Between("", "")); err != nil {
		t.Fatal(err)
	}
	bad(t, v, minted)
	good(t, newVerifier(t), minted) // which does not look
}
