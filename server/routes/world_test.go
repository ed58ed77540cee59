package routes

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/endpoints/catalog"
	"previewd/runtime/endpoints/worker"
	"previewd/runtime/events"
	"previewd/runtime/launch"
	"previewd/runtime/logs"
	domain "previewd/runtime/preview"
	"previewd/runtime/upstream"
	"previewd/server/api"
	"previewd/server/auth"
	"previewd/server/config"
	"previewd/server/gateway"
	"previewd/server/openapi/openapitest"
	"previewd/server/problem"
	"previewd/storage"
	"previewd/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

const (
	issuer   = "https://id.example/"
	audience = "previewd"
)

// world is the whole API on a real database and an identity provider, with previews whose apps are real servers.
type world struct {
	*testing.T
	store  *storage.Store
	server *httptest.Server
	client *http.Client
	rsa    *rsa.PrivateKey // the identity provider's, named k1
}

func newWorld(t *testing.T) *world {
	t.Helper()
	log, _ := logtest.NewNullLogger()
	entry := logrus.NewEntry(log)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, store: storagetest.New(t), client: openapitest.Client(t), rsa: key}
	cfg, _, err := config.LoadTool(nil)
	if err != nil {
		t.Fatal(err)
	}
	apps := upstream.New(upstream.Options{Host: "127.0.0.1", Rows: w.store})
	t.Cleanup(apps.Close)
	verifier, err := auth.NewVerifier(auth.Options{
		Secrets: [][]byte{secret}, Issuer: issuer, Audience: audience,
		Keys: auth.NewJWKS(auth.JWKSOptions{URL: w.provider(), Log: entry}),
	})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	w.server = httptest.NewServer(New(Options{
		API: api.New(api.Options{
			Config: cfg, Generations: w.store, Previews: launcher{w.store}, Rows: w.store, Lines: w.store, Budgets: w.store, Sessions: w.store,
			Webhooks: w.store, Apps: apps, Follower: w.journals(entry), Changes: events.NewBus(), Log: entry, Done: done,
			Links:   gateway.NewLinks(gateway.Base{Scheme: "https", Domain: "preview.example"}, secret),
			Catalog: catalog.New(catalog.Options{Store: w.store, Reader: worker.Here{}, Apps: apps, Version: "test", Log: entry}),
			Scrape:  http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", "text/plain") }),
		}),
		Verifier: verifier, Problems: &problem.Renderer{Log: entry}, Log: entry,
	}))
	t.Cleanup(w.server.Close)
	t.Cleanup(func() { close(done) }) // streams end before the server waits for them
	return w
}

// within is the same world in a test within the test.
func (w *world) within(t *testing.T) *world {
	t.Helper()
	same := *w
	same.T, same.client = t, openapitest.Client(t)
	return &same
}

// provider publishes the RSA key.
func (w *world) provider() string {
	encode := base64.RawURLEncoding.EncodeToString
	s := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(out, `{"keys":[{"kty":"RSA","kid":"k1","n":%q,"e":%q}]}`,
			encode(w.rsa.N.Bytes()), encode(big.NewInt(int64(w.rsa.E)).Bytes()))
	}))
	w.Cleanup(s.Close)
	return s.URL
}

func (w *world) journals(log *logrus.Entry) *logs.Logs {
	l := logs.New(logs.Options{Store: w.store, Log: log})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- l.Run(ctx) }()
	w.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			w.Error(err)
		}
	})
	return l
}

// launcher keeps real rows and runs nothing.
type launcher struct{ store *storage.Store }

func (l launcher) Launch(ctx context.Context, req launch.Request) (launch.Launched, error) {
	token, hash := domain.NewSessionToken()
	row, replaced, err := l.store.StartPreview(ctx, newRow(req.GenerationID, req.UserID, hash, time.Now().Add(time.Hour)), domain.StartOptions{PortMin: 4001, PortMax: 4100})
	if replaced != nil {
		err = errors.Join(err, storagetest.Err(l.store.Finish(ctx, replaced.ID, domain.Stopped, *replaced.Reason, nil)))
	}
	return launch.Launched{Preview: row, SessionToken: token}, err
}

func (l launcher) Stop(ctx context.Context, generationID string, code domain.Code) error {
	p, err := l.store.LatestPreview(ctx, generationID)
	if err != nil || !p.Status.Active() {
		return err
	}
	reason := domain.Reason{Code: code, Message: "You stopped it."}
	_, err = l.store.BeginStopping(ctx, p.ID, reason)
	return errors.Join(err, storagetest.Err(l.store.Finish(ctx, p.ID, domain.Stopped, reason, nil)))
}

func (l launcher) Wait(ctx context.Context, id string) (domain.Preview, error) {
	return l.store.Preview(ctx, id)
}

func (l launcher) Usage(context.Context, domain.Preview) (domain.Stats, error) {
	return domain.Stats{}, nil
}

func newRow(generation, user string, hash []byte, expiry time.Time) domain.Preview {
	now := time.Now()
	return domain.Preview{
		ID: domain.NewID(), GenerationID: generation, UserID: user, ProjectID: "shop", SessionTokenHash: hash, TokenExpiry: expiry,
		CreatedAt: now, LastActiveAt: now, ExpiresAt: now.Add(time.Hour), MemoryLimitMB: 512,
	}
}

// project is a generation with a running preview, of whose session tokens one is good.
type project struct{ id, preview, session, earlier string }

// project makes one of the user's; its session token is valid until expiry.
func (w *world) project(id, user string, expiry time.Time) project {
	w.Helper()
	ctx := w.Context()
	_, err := w.store.PutGeneration(ctx, domain.Generation{ID: id, UserID: user, ProjectID: "shop", Runtime: domain.RuntimeStatic}, nil, nil)
	w.check(err)
	earlier, ended := w.start(id, user, expiry)
	w.check(storagetest.Err(w.store.Finish(ctx, ended, domain.Failed, domain.Reason{Code: domain.AppExited, Message: "It ended."}, nil)))
	session, running := w.start(id, user, expiry)
	w.check(errors.Join(w.store.SetStarted(ctx, running, time.Now()), w.store.BecomeRunning(ctx, running, time.Now(), nil)))
	return project{id: id, preview: running, session: session, earlier: earlier}
}

// start starts a preview whose app says hello.
func (w *world) start(generation, user string, expiry time.Time) (session, id string) {
	w.Helper()
	app := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(out, "hello") }))
	w.Cleanup(app.Close)
	_, text, err := net.SplitHostPort(app.Listener.Addr().String())
	w.check(err)
	port, err := strconv.Atoi(text)
	w.check(err)
	session, hash := domain.NewSessionToken()
	p, _, err := w.store.StartPreview(w.Context(), newRow(generation, user, hash, expiry), domain.StartOptions{PortMin: port, PortMax: port})
	w.check(err)
	w.Cleanup(func() { // the port is about to be anybody's
		_, _ = w.store.Finish(context.Background(), p.ID, domain.Failed, domain.Reason{Code: domain.AppExited, Message: "The test is over."}, nil)
	})
	return session, p.ID
}

func (w *world) check(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// bearer is a token of the user as it should be, but for what is changed.
func (w *world) bearer(user string, method jwt.SigningMethod, key any, change ...func(jwt.MapClaims, map[string]any)) string {
	w.Helper()
	claims := jwt.MapClaims{"sub": user, "iss": issuer, "aud": audience, "exp": time.Now().Add(time.Hour).Unix()}
	if user == "root" {
		claims["scope"] = "admin"
	}
	token := jwt.NewWithClaims(method, claims)
	for _, f := range change {
		f(claims, token.Header)
	}
	signed, err := token.SignedString(key)
	w.check(err)
	return "Bearer " + signed
}

func (w *world) of(user string) string { return w.bearer(user, jwt.SigningMethodHS256, secret) }
