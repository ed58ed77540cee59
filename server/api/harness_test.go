package api_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/endpoints/catalog"
	"previewd/runtime/endpoints/worker"
	"previewd/runtime/events"
	"previewd/runtime/launch"
	"previewd/runtime/logs"
	"previewd/runtime/preview"
	"previewd/runtime/upstream"
	"previewd/server/api"
	"previewd/server/auth"
	"previewd/server/config"
	"previewd/server/gateway"
	"previewd/server/openapi/openapitest"
	"previewd/server/problem"
	"previewd/server/routes"
	"previewd/storage"
	"previewd/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

var (
	secret = []byte("0123456789abcdef0123456789abcdef")
	links  = gateway.NewLinks(gateway.Base{Scheme: "http", Domain: "preview.localhost", Port: 8080}, secret)
)

// harness is the API on a real database; only the launches are not real.
type harness struct {
	*testing.T
	store    *storage.Store
	launches *launches
	server   *httptest.Server
	tokens   map[string]string
	logged   *logtest.Hook
	logs     *logs.Logs
	bus      *events.Bus
	done     chan struct{} // ends streams
}

func newHarness(t *testing.T, change ...func(*api.Options)) *harness {
	t.Helper()
	cfg, _, err := config.LoadTool([]string{"PREVIEW_MAX_UPLOAD_MB=1", "PREVIEW_MAX_FILES=10", "PREVIEW_RATE_LAUNCH=0"})
	if err != nil {
		t.Fatal(err)
	}
	log, hook := logtest.NewNullLogger()
	log.SetLevel(logrus.DebugLevel)
	entry := logrus.NewEntry(log)
	store := storagetest.New(t)
	h := &harness{
		T: t, store: store, launches: &launches{store: store, waiting: make(chan struct{}, 1), ports: preview.StartOptions{PortMin: 3001, PortMax: 3100, Quotas: preview.Quotas{PreviewsPerUser: 10}}}, logged: hook, tokens: map[string]string{},
		logs: logs.New(logs.Options{Store: store, Log: entry}), bus: events.NewBus(), done: make(chan struct{}),
	}
	h.runLogs()
	apps := upstream.New(upstream.Options{Host: "127.0.0.1", Rows: store})
	t.Cleanup(apps.Close)
	o := api.Options{
		Config: cfg, Generations: store, Previews: h.launches, Rows: store, Lines: store, Follower: h.logs, Changes: h.bus, Budgets: store, Log: entry, Done: h.done,
		Sessions: store, Apps: apps, Webhooks: store, Links: links,
		Catalog: catalog.New(catalog.Options{Store: store, Reader: worker.Here{}, Apps: apps, Version: "test", Log: entry}),
	}
	for _, f := range change {
		f(&o)
	}
	h.launches.rate = o.Config.RateLaunch
	verifier, err := auth.NewVerifier(auth.Options{Secrets: [][]byte{secret}})
	if err != nil {
		t.Fatal(err)
	}
	h.server = httptest.NewServer(routes.New(routes.Options{
		API: api.New(o), Verifier: verifier, Origins: o.Config.Origins(), Limits: routes.NewLimits(o.Config, store, nil), Problems: &problem.Renderer{Log: entry}, Log: entry,
	}))
	t.Cleanup(h.server.Close)
	return h
}

// runLogs stores what journals write until the test ends.
func (h *harness) runLogs() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.logs.Run(ctx) }()
	h.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			h.Error(err)
		}
	})
}

// token is one of a user; "root" is an admin.
func (h *harness) token(user string) string {
	h.Helper()
	if h.tokens[user] == "" {
		token, err := auth.Mint(secret, user, time.Hour, user == "root")
		if err != nil {
			h.Fatal(err)
		}
		h.tokens[user] = token
	}
	return h.tokens[user]
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	text   string
	body   map[string]any // nil unless JSON
}

func (a answer) code() string {
	code, _ := a.body["error_code"].(string)
	return code
}

func (a answer) detail() string {
	detail, _ := a.body["detail"].(string)
	return detail
}

// do sends a request as a user ("" is nobody) with pairs of headers.
func (h *harness) do(user, method, path string, body []byte, headers ...string) answer {
	h.Helper()
	r, err := http.NewRequestWithContext(h.Context(), method, h.server.URL+path, bytes.NewReader(body))
	if err != nil {
		h.Fatal(err)
	}
	if user != "" {
		r.Header.Set("Authorization", "Bearer "+h.token(user))
	}
	for pair := range slices.Chunk(headers, 2) {
		if r.Header.Set(pair[0], pair[1]); pair[0] == "Host" {
			r.Host = pair[1]
		}
	}
	resp, err := openapitest.Client(h.T).Do(r)
	if err != nil {
		h.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		h.Fatal(err)
	}
	a := answer{status: resp.StatusCode, header: resp.Header, text: string(text)}
	if media := resp.Header.Get("Content-Type"); strings.Contains(media, "json") && !strings.Contains(media, "ndjson") && method != http.MethodHead {
		if err := json.Unmarshal(text, &a.body); err != nil {
			h.Fatal(err, a.text)
		}
	}
	return a
}

func (h *harness) get(user, path string) answer {
	h.Helper()
	return h.do(user, http.MethodGet, path, nil)
}

// want fails the test unless the status is the wanted one.
func (h *harness) want(a answer, status int) answer {
	h.Helper()
	if a.status != status {
		h.Fatalf("status %d, want %d: %s", a.status, status, a.text)
	}
	return a
}

const gens = "/api/v1/generations/"

// put stores a generation of one file.
func (h *harness) put(user, id string) answer {
	h.Helper()
	return h.do(user, http.MethodPut, gens+id, []byte(`{"project_id":"shop","files":{"index.html":"<h1>hi</h1>"}}`), "Content-Type", "application/json")
}

func (h *harness) launch(user, id, body string) answer {
	h.Helper()
	return h.do(user, http.MethodPost, gens+id+"/preview/launch", []byte(body), "Content-Type", "application/json")
}

// launches keeps real rows and runs nothing.
type launches struct {
	store *storage.Store
	rate  preview.Rate
	ports preview.StartOptions

	mu       sync.Mutex
	requests []launch.Request
	stops    []string
	refuse   error
	noStats  bool
	slow     bool // a stop only begins, and a replaced preview is still stopping
	waits    bool // Wait waits for its context, and says so
	waiting  chan struct{}
	ends     *preview.Reason // Wait ends the preview with it instead of letting it run
}

func (l *launches) Launch(ctx context.Context, req launch.Request) (launch.Launched, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests = append(l.requests, req)
	if l.refuse != nil {
		return launch.Launched{}, l.refuse
	}
	token, hash := preview.NewSessionToken()
	now := time.Now()
	o := l.ports
	o.LaunchedBy, o.Launches = req.By, l.rate
	row, replaced, err := l.store.StartPreview(ctx, preview.Preview{
		ID: preview.NewID(), GenerationID: req.GenerationID, UserID: req.UserID, ProjectID: req.ProjectID,
		Status: preview.Starting, Phase: preview.Queued, Health: preview.HealthUnknown,
		Request:          preview.Request{StartupTimeoutSeconds: req.TimeoutSeconds, Env: req.Env, MemoryMB: req.MemoryMB, Command: req.Command},
		MemoryLimitMB:    cmp.Or(req.MemoryMB, 512),
		SessionTokenHash: hash, TokenExpiry: now.Add(time.Hour), CreatedAt: now, LastActiveAt: now, ExpiresAt: now.Add(time.Hour),
	}, o)
	if replaced != nil && !l.slow {
		err = errors.Join(err, storagetest.Err(l.store.Finish(ctx, replaced.ID, preview.Stopped, *replaced.Reason, nil)))
	}
	return launch.Launched{Preview: row, SessionToken: token}, err
}

func (l *launches) Stop(ctx context.Context, generationID string, code preview.Code) error {
	l.mu.Lock()
	l.stops = append(l.stops, generationID)
	l.mu.Unlock()
	p, err := l.store.LatestPreview(ctx, generationID)
	if err != nil || !p.Status.Active() {
		return err
	}
	reason := preview.Reason{Code: code, Message: "You stopped it."}
	_, err = l.store.BeginStopping(ctx, p.ID, reason)
	if l.slow {
		return err
	}
	return errors.Join(err, storagetest.Err(l.store.Finish(ctx, p.ID, preview.Stopped, reason, nil)))
}

func (l *launches) Wait(ctx context.Context, previewID string) (preview.Preview, error) {
	if l.waits {
		l.waiting <- struct{}{}
		<-ctx.Done()
		return preview.Preview{}, ctx.Err()
	}
	l.mu.Lock()
	ends := l.ends
	l.mu.Unlock()
	if ends != nil {
		if _, err := l.store.Finish(ctx, previewID, preview.Failed, *ends, nil); err != nil {
			return preview.Preview{}, err
		}
		return l.store.Preview(ctx, previewID)
	}
	now := time.Now()
	err := errors.Join(
		l.store.SetStarted(ctx, previewID, now.Add(-90*time.Second)),
		l.store.BecomeRunning(ctx, previewID, now, preview.Timings{"booting": 120, "total": 400}),
	)
	if err != nil {
		return preview.Preview{}, err
	}
	return l.store.Preview(ctx, previewID)
}

func (l *launches) Usage(context.Context, preview.Preview) (preview.Stats, error) {
	if l.noStats {
		return preview.Stats{}, preview.ErrInstanceNotFound
	}
	return preview.Stats{MemoryBytes: 50<<20 + 512<<10, CPUPercent: 12.3456}, nil
}

func (l *launches) last() launch.Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.requests[len(l.requests)-1]
}
