package auth

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"
)

type jwk map[string]any

// provider is an identity provider with a key set at its address.
type provider struct {
	*httptest.Server
	hits atomic.Int64

	mu     sync.Mutex
	keys   []jwk
	behave http.HandlerFunc // instead of sending the keys
}

func newProvider(t testing.TB, keys ...jwk) *provider {
	t.Helper()
	p := &provider{keys: keys}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.hits.Add(1)
		p.mu.Lock()
		keys, behave := p.keys, p.behave
		p.mu.Unlock()
		if behave != nil {
			behave(w, r)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": append([]jwk{}, keys...)})
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *provider) publish(keys ...jwk) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys = keys
}

func (p *provider) answer(behave http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.behave = behave
}

// keySet of the provider that tokens may refresh as often as they like, unless changed.
func (p *provider) keySet(change ...func(*JWKSOptions)) *JWKS {
	log, _ := logtest.NewNullLogger()
	o := JWKSOptions{URL: p.URL, Least: time.Nanosecond, Log: logrus.NewEntry(log)}
	for _, f := range change {
		f(&o)
	}
	return NewJWKS(o)
}

func rarely(o *JWKSOptions) { o.Least = time.Hour }

func verifierOf(t testing.TB, keys *JWKS) *Verifier {
	t.Helper()
	v, err := NewVerifier(Options{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// key is one that signs, and how it is published.
type key struct {
	method  jwt.SigningMethod
	private any
	public  jwk
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func rsaKey(t testing.TB, id string) key {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key{jwt.SigningMethodRS256, private, jwk{
		"kty": "RSA", "kid": id, "use": "sig", "alg": "RS256", "n": encode(private.N.Bytes()), "e": encode(big.NewInt(int64(private.E)).Bytes()),
	}}
}

func ecKey(t testing.TB, id string) key {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := private.PublicKey.Bytes() // 4, x, y
	if err != nil {
		t.Fatal(err)
	}
	return key{jwt.SigningMethodES256, private, jwk{"kty": "EC", "kid": id, "crv": "P-256", "x": encode(point[1:33]), "y": encode(point[33:])}}
}

func edKey(t testing.TB, id string) key {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key{jwt.SigningMethodEdDSA, private, jwk{"kty": "OKP", "kid": id, "crv": "Ed25519", "x": encode(public)}}
}

// with returns the key published with one member changed; nil leaves it out.
func (k key) with(name string, value any) key {
	public := jwk{}
	maps.Copy(public, k.public)
	if public[name] = value; value == nil {
		delete(public, name)
	}
	k.public = public
	return k
}

// token is one of ann's, signed by the key and naming it.
func (k key) token(t testing.TB, change ...func(*jwt.Token)) string {
	t.Helper()
	unsigned := jwt.NewWithClaims(k.method, jwt.MapClaims{"sub": "ann", "exp": time.Now().Add(time.Hour).Unix()})
	if id := k.public["kid"]; id != nil {
		unsigned.Header["kid"] = id
	}
	for _, f := range change {
		f(unsigned)
	}
	signed, err := unsigned.SignedString(k.private)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !ok(); {
		if time.Now().After(deadline) {
			t.Fatal("never: ", what)
		}
		time.Sleep(time.Millisecond)
	}
}
