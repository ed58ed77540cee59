package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func good(t *testing.T, v *Verifier, token string) {
	t.Helper()
	if who, err := v.Verify(t.Context(), token); err != nil || who != (Identity{User: "ann"}) {
		t.Errorf("%+v, %v", who, err)
	}
}

func bad(t *testing.T, v *Verifier, token string) {
	t.Helper()
	who, err := v.Verify(t.Context(), token)
	if !errors.Is(err, ErrInvalidToken) || errors.Is(err, ErrKeysUnavailable) || who != (Identity{}) {
		t.Errorf("%+v, %v", who, err)
	}
}

func TestKeysOfAllKinds(t *testing.T) {
	r, e, o := rsaKey(t, "r"), ecKey(t, "e"), edKey(t, "o")
	p := newProvider(t, r.public, e.public, o.public)
	v := verifierOf(t, p.keySet(rarely))
	for _, k := range []key{r, e, o} {
		good(t, v, k.token(t))
		good(t, v, k.with("kid", nil).token(t)) // the only one for its algorithm
	}
	for _, stranger := range []key{rsaKey(t, "r"), ecKey(t, "e"), edKey(t, "o")} { // the kid is right, the key is not
		bad(t, v, stranger.token(t))
	}
	if hits := p.hits.Load(); hits != 1 {
		t.Errorf("fetched %d times", hits)
	}
}

func TestBesideSecrets(t *testing.T) {
	k := ecKey(t, "e")
	keys := newProvider(t, k.public).keySet()
	v, err := NewVerifier(Options{Secrets: [][]byte{current}, Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	good(t, v, k.token(t))
	own, err := Mint(current, "ann", time.Minute, false)
	if err != nil {
		t.Fatal(err)
	}
	good(t, v, own)
}

func TestNewKeysAreFoundAndOldOnesForgotten(t *testing.T) {
	first, second := rsaKey(t, "2026-01"), rsaKey(t, "2026-02")
	p := newProvider(t, first.public)
	keys := p.keySet()
	v := verifierOf(t, keys)
	good(t, v, first.token(t))
	bad(t, v, second.token(t))
	p.publish(first.public, second.public)
	good(t, v, second.token(t))
	good(t, v, first.token(t))
	if detail, err := keys.Status(); detail != "2 keys" || err != nil {
		t.Error(detail, err)
	}
	p.publish(second.public)
	bad(t, v, ecKey(t, "unknown").token(t)) // makes it look
	bad(t, v, first.token(t))
	good(t, v, second.token(t))
	p.publish()
	bad(t, v, ecKey(t, "unknown").token(t))
	bad(t, v, second.token(t)) // an empty set takes all keys back
}

func TestWithoutAKeyIDNothingIsGuessed(t *testing.T) {
	one, two := rsaKey(t, "1"), rsaKey(t, "2")
	v := verifierOf(t, newProvider(t, one.public, two.public).keySet())
	good(t, v, two.token(t))
	bad(t, v, two.with("kid", nil).token(t))
	bad(t, v, two.with("kid", "").token(t))
}

func TestFloodOfUnknownKeysIsOneFetch(t *testing.T) {
	k := ecKey(t, "e")
	p := newProvider(t, k.public)
	v := verifierOf(t, p.keySet(rarely))
	good(t, v, k.token(t))
	tokens := make([]string, 200)
	for i := range tokens {
		tokens[i] = k.with("kid", fmt.Sprint("made-up-", i)).token(t)
	}
	var wg sync.WaitGroup
	for _, token := range tokens {
		wg.Go(func() { bad(t, v, token) })
	}
	wg.Wait()
	good(t, v, k.token(t))
	if hits := p.hits.Load(); hits != 1 {
		t.Errorf("the provider was asked %d times", hits)
	}
}

func TestThoseWhoWaitShareOneFetch(t *testing.T) {
	k := ecKey(t, "e")
	p := newProvider(t, k.public)
	release := make(chan struct{})
	p.answer(func(w http.ResponseWriter, _ *http.Request) {
		<-release
		_, _ = fmt.Fprintf(w, `{"keys":[{"kty":"EC","kid":"e","crv":"P-256","x":%q,"y":%q}]}`, k.public["x"], k.public["y"])
	})
	v := verifierOf(t, p.keySet())
	token := k.token(t)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { good(t, v, token) })
	}
	eventually(t, "the fetch", func() bool { return p.hits.Load() == 1 })
	// Who leaves takes nobody along.
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, err := v.Verify(ctx, token); !errors.Is(err, context.Canceled) || !errors.Is(err, ErrKeysUnavailable) {
		t.Error(err)
	}
	close(release)
	wg.Wait()
	if hits := p.hits.Load(); hits != 1 {
		t.Errorf("the provider was asked %d times", hits)
	}
}

func TestAFetchOutlivesWhoBeganIt(t *testing.T) {
	k := ecKey(t, "e")
	p := newProvider(t, k.public)
	asked, release := make(chan struct{}), make(chan struct{})
	p.answer(func(w http.ResponseWriter, _ *http.Request) {
		close(asked)
		<-release
		_, _ = fmt.Fprintf(w, `{"keys":[{"kty":"EC","kid":"e","crv":"P-256","x":%q,"y":%q}]}`, k.public["x"], k.public["y"])
	})
	v := verifierOf(t, p.keySet(rarely))
	token := k.token(t)
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() { _, err := v.Verify(ctx, token); left <- err }()
	<-asked
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(release)
	eventually(t, "the key", func() bool { _, err := v.Verify(t.Context(), token); return err == nil })
}

func TestAKeyOfAnotherKindIsNoReasonToAsk(t *testing.T) {
	r, e := rsaKey(t, "r"), ecKey(t, "e")
	p := newProvider(t, r.public, e.public)
	v := verifierOf(t, p.keySet())
	good(t, v, r.token(t))
	bad(t, v, r.with("kid", "e").token(t))
	bad(t, v, e.with("kid", "r").token(t))
	if hits := p.hits.Load(); hits != 1 {
		t.Errorf("the provider was asked %d times", hits)
	}
}

func TestProviderIsAwayAtTheStart(t *testing.T) {
	k := ecKey(t, "e")
	p := newProvider(t, k.public)
	p.answer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	keys := p.keySet()
	v := verifierOf(t, keys)
	if detail, err := keys.Status(); detail != "not fetched yet" || !errors.Is(err, ErrKeysUnavailable) {
		t.Error(detail, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() { defer close(stopped); keys.Run(ctx) }()
	eventually(t, "a failure", func() bool { detail, _ := keys.Status(); return detail == "could never be fetched" })
	if _, err := v.Verify(t.Context(), k.token(t)); !errors.Is(err, ErrKeysUnavailable) || !errors.Is(err, ErrInvalidToken) {
		t.Error("the token may be good:", err)
	}
	if _, err := keys.Status(); err == nil || !strings.Contains(err.Error(), "503") {
		t.Error(err)
	}
	p.answer(nil)
	eventually(t, "the keys, without a token that asks for them", func() bool { _, err := keys.Status(); return err == nil })
	if detail, _ := keys.Status(); detail != "1 key" {
		t.Error(detail)
	}
	good(t, v, k.token(t))
	stop()
	<-stopped
}

// TestKnownKeysStay breaks the provider in every way; the keys fetched before go on.
func TestKnownKeysStay(t *testing.T) {
	elsewhere := newProvider(t)
	var endless atomic.Int64
	body := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }
	}
	for name, behave := range map[string]http.HandlerFunc{
		"error":    func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"no page":  http.NotFound,
		"html":     body("<html>Please log in"),
		"array":    body(`[]`),
		"no keys":  body(`{}`),
		"null":     body(`{"keys":null}`),
		"no list":  body(`{"keys":{}}`),
		"cut":      body(`{"keys":[`),
		"empty":    body(``),
		"too many": body(`{"keys":[` + strings.Repeat("{},", maxKeys) + `{}]}`),
		"redirect": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) },
		"large":    body(`{"keys":[]}` + strings.Repeat(" ", maxKeySet)),
		"endless": func(w http.ResponseWriter, r *http.Request) {
			for chunk := strings.Repeat(" ", 64<<10); r.Context().Err() == nil; endless.Add(int64(len(chunk))) {
				if _, err := io.WriteString(w, chunk); err != nil {
					return
				}
			}
		},
		"slow": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"dribble": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(200)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
		"hang up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			k := edKey(t, "known")
			p := newProvider(t, k.public)
			keys := p.keySet(func(o *JWKSOptions) {
				if name == "slow" || name == "dribble" {
					o.Client = newKeyClient()
					o.Client.Timeout = 100 * time.Millisecond
				}
			})
			v := verifierOf(t, keys)
			good(t, v, k.token(t))
			p.answer(behave)
			bad(t, v, ecKey(t, "unknown").token(t))
			good(t, v, k.token(t))
			if detail, err := keys.Status(); err != nil || !strings.HasSuffix(detail, "the last fetch failed") {
				t.Error(detail, err)
			}
		})
	}
	if sent := endless.Load(); sent > 64<<20 { // what connections buffer is added to what was read
		t.Errorf("%d bytes were taken", sent)
	}
	if elsewhere.hits.Load() > 0 {
		t.Error("a redirect was followed")
	}
}

func TestNobodyListens(t *testing.T) {
	p := newProvider(t)
	keys := p.keySet()
	p.Close()
	if _, err := verifierOf(t, keys).Verify(t.Context(), ecKey(t, "e").token(t)); !errors.Is(err, ErrKeysUnavailable) {
		t.Error(err)
	}
}

func TestDefaultsOfAKeySet(t *testing.T) {
	j := NewJWKS(JWKSOptions{URL: "https://id.example/keys"})
	if j.Every != refreshEvery || j.Least != refreshLeast || j.Client.Timeout != fetchTimeout {
		t.Errorf("%+v", j.JWKSOptions)
	}
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	if err := j.Client.CheckRedirect(request, nil); !errors.Is(err, http.ErrUseLastResponse) {
		t.Error(err)
	}
}

func TestCheckJWKSURL(t *testing.T) {
	for _, address := range []string{
		"https://id.example/.well-known/jwks.json", "https://10.0.0.1:8443/keys?x=y",
		"http://localhost:9000/keys", "http://127.0.0.1/keys", "http://[::1]:9000/keys", "http://127.9.9.9/",
	} {
		if err := CheckJWKSURL(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{
		"", "id.example/keys", "http://id.example/keys", "http://localhost.evil.example/", "http://10.0.0.1/keys", "ftp://localhost/keys",
		"file:///etc/keys", "https://", "https://user:hunter2@id.example/keys", "https://id.example/#keys", "http://[::1/", "//localhost/keys",
	} {
		if err := CheckJWKSURL(address); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", address, err)
		}
	}
}
