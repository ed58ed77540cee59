package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/runtime/source"
)

// fakeAPI speaks the contract of the HTTP API for one user; the scenario of a preview is what a test puts into it.
type fakeAPI struct {
	t      *testing.T
	server *httptest.Server
	tokens map[string]bool // accepted; empty accepts all

	mu          sync.Mutex
	generations map[string]*fakeGeneration
	stops       []string
	revoked     map[string]int // how often each generation's links were taken back
	authorized  []string       // Authorization headers seen
	cuts        int            // how many log streams to cut after one line
	busy        int            // how many looks at a status to refuse
	onLogs      func()         // called after a log was read to its end; may be nil
}

// fakeGeneration is an upload and its latest preview.
type fakeGeneration struct {
	project string
	tree    *source.Tree
	launch  map[string]any // the last launch's body
	states  []map[string]any
	at      int
	log     []preview.LogLine
	earlier map[string][]preview.LogLine // logs of previews before, by id
	changed chan struct{}                // closed and renewed at every change of state
}

// at what the contract says a launch answers.
var fakeTime = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func newFakeAPI(t *testing.T) *fakeAPI {
	t.Helper()
	f := &fakeAPI{t: t, generations: map[string]*fakeGeneration{}, tokens: map[string]bool{}, revoked: map[string]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, map[string]string{}) })
	mux.HandleFunc("PUT /api/v1/generations/{id}", f.put)
	mux.HandleFunc("POST /api/v1/generations/{id}/preview/launch", f.postLaunch)
	mux.HandleFunc("GET /api/v1/generations/{id}/preview/status", f.status)
	mux.HandleFunc("POST /api/v1/generations/{id}/preview/extend", f.extend)
	mux.HandleFunc("POST /api/v1/generations/{id}/preview/share", f.share)
	mux.HandleFunc("DELETE /api/v1/generations/{id}/preview/share", f.revoke)
	mux.HandleFunc("GET /api/v1/generations/{id}/preview/endpoints", f.endpoints)
	mux.HandleFunc("DELETE /api/v1/generations/{id}/preview", f.stop)
	mux.HandleFunc("GET /api/v1/generations/{id}/preview/logs", f.logs)
	mux.HandleFunc("GET /api/v1/generations/{id}/preview/logs/stream", f.stream)
	mux.HandleFunc("GET /api/v1/previews", f.previews)
	f.server = httptest.NewServer(f.guard(mux))
	t.Cleanup(f.server.Close)
	return f
}

func (f *fakeAPI) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := r.Header.Get("Authorization")
		f.mu.Lock()
		f.authorized = append(f.authorized, header)
		refused := len(f.tokens) > 0 && !f.tokens[header] && r.URL.Path != "/readyz"
		f.mu.Unlock()
		if refused {
			refuse(w, 401, "INVALID_TOKEN", "A valid bearer token is required.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// seen returns the Authorization headers of the requests since it was last asked. A request of a command that was interrupted may still come.
func (f *fakeAPI) seen() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	headers := f.authorized
	f.authorized = nil
	return headers
}

// add puts a preview there that passes through states, one at each look at its status, and stays in the last one.
func (f *fakeAPI) add(id string, log []preview.LogLine, states ...map[string]any) *fakeGeneration {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := &fakeGeneration{states: states, log: log, changed: make(chan struct{})}
	f.generations[id] = g
	return g
}

func (f *fakeAPI) generation(w http.ResponseWriter, r *http.Request) *fakeGeneration {
	g := f.generations[r.PathValue("id")]
	if g == nil || len(g.states) == 0 {
		refuse(w, 404, "PREVIEW_NOT_FOUND", "There is no preview of this generation.")
		return nil
	}
	return g
}

func (f *fakeAPI) put(w http.ResponseWriter, r *http.Request) {
	tree, err := source.FromTarGz(r.Body, source.Limits{})
	if err != nil || r.Header.Get("Content-Type") != "application/gzip" {
		refuse(w, 400, "INVALID_REQUEST", fmt.Sprint("bad upload: ", err))
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	id := r.PathValue("id")
	if f.generations[id] == nil {
		f.generations[id] = &fakeGeneration{changed: make(chan struct{})}
	}
	g := f.generations[id]
	g.tree, g.project = tree, r.URL.Query().Get("project_id")
	answer(w, 201, map[string]any{
		"id": id, "project_id": g.project, "files": len(tree.Files()), "bytes": tree.Bytes(),
		"digest": tree.Digest(), "framework": "fastapi", "runtime": "python",
	})
}

func (f *fakeAPI) postLaunch(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.generations[r.PathValue("id")]
	if g == nil || len(g.states) == 0 {
		refuse(w, 503, "NO_PORTS_AVAILABLE", "No ports available (max 100 concurrent).")
		return
	}
	if err := json.NewDecoder(r.Body).Decode(&g.launch); err != nil {
		refuse(w, 400, "INVALID_REQUEST", err.Error())
		return
	}
	answer(w, 201, map[string]any{
		"id": "p1", "generation_id": r.PathValue("id"), "user_id": "dev", "project_id": g.launch["project_id"], "status": "starting",
		"phase": "queued", "port": 3001, "base_url": "http://127.0.0.1:3001", "preview_url": "http://127.0.0.1:3001",
		"session_token": "sess_secret", "created_at": fakeTime, "token_expiry": fakeTime.Add(time.Hour), "expires_at": fakeTime.Add(time.Hour),
	})
}

func (f *fakeAPI) status(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.busy > 0 {
		f.busy--
		refuse(w, 429, "RATE_LIMIT_EXCEEDED", "The limit of 100 status requests per minute is used up.")
		return
	}
	g := f.generation(w, r)
	if g == nil {
		return
	}
	answer(w, 200, g.body(r.PathValue("id")))
	if g.at < len(g.states)-1 {
		g.at++
		close(g.changed)
		g.changed = make(chan struct{})
	}
}

func (g *fakeGeneration) body(id string) map[string]any {
	b := map[string]any{
		"id": "p1", "generation_id": id, "user_id": "dev", "status": "starting", "phase": nil, "reason": nil, "message": nil,
		"hint": nil, "exit_code": nil, "port": 3001, "base_url": "http://127.0.0.1:3001", "health": "healthy", "framework": "fastapi",
		"uptime_seconds": 61, "memory_usage_mb": 40.4, "memory_limit_mb": 512, "cpu_usage_percent": 1.5, "endpoints_count": 0,
		"started_at": nil, "expires_at": fakeTime.Add(time.Hour), "created_at": fakeTime,
	}
	maps.Copy(b, g.states[g.at])
	return b
}

func (f *fakeAPI) stop(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if g := f.generation(w, r); g != nil {
		f.stops = append(f.stops, r.PathValue("id"))
		w.WriteHeader(204)
	}
}

// extend answers as if the preview had been launched at fakeTime; half an hour is the session timeout.
func (f *fakeAPI) extend(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.generation(w, r)
	if g == nil {
		return
	}
	given := struct {
		Duration int `json:"duration"`
	}{1800}
	if err := json.NewDecoder(r.Body).Decode(&given); err != nil {
		refuse(w, 400, "INVALID_REQUEST", err.Error())
		return
	}
	if !f.isActive(g) {
		refuse(w, 409, "PREVIEW_NOT_RUNNING", "The preview is stopped.")
		return
	}
	until := fakeTime.Add(time.Duration(given.Duration) * time.Second)
	body := g.body(r.PathValue("id"))
	body["expires_at"], body["token_expiry"] = until, until
	answer(w, 200, body)
}

// share answers as if it were fakeTime.
func (f *fakeAPI) share(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.generation(w, r)
	if g == nil {
		return
	}
	given := struct {
		TTL int `json:"ttl_seconds"`
	}{3600}
	if err := json.NewDecoder(r.Body).Decode(&given); err != nil {
		refuse(w, 400, "INVALID_REQUEST", err.Error())
		return
	}
	if !f.isActive(g) {
		refuse(w, 409, "PREVIEW_NOT_RUNNING", "The preview is stopped.")
		return
	}
	until := fakeTime.Add(time.Duration(given.TTL) * time.Second)
	answer(w, 200, map[string]any{"url": "http://p1.preview.localhost:8080/?__previewd_token=share_x", "expires_at": until})
}

func (f *fakeAPI) revoke(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.generation(w, r) == nil {
		return
	}
	f.revoked[r.PathValue("id")]++
	w.WriteHeader(http.StatusNoContent)
}

// logs looks at two lines a page.
func (f *fakeAPI) logs(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.generation(w, r)
	if g == nil {
		return
	}
	given := r.URL.Query()
	log := g.log
	if earlier := given.Get("preview_id"); earlier != "" {
		log = g.earlier[earlier]
	}
	wanted := preview.LogQuery{Level: preview.Level(given.Get("level")), Source: preview.Source(given.Get("source"))}
	wanted.Since, _ = time.Parse(time.RFC3339Nano, given.Get("since"))
	if q := given.Get("q"); q != "" && given.Get("regex") == "true" {
		wanted.Pattern, _ = preview.MatchingRegexp(q)
	}
	var after int64
	_, _ = fmt.Sscan(given.Get("after"), &after)
	_, _ = fmt.Sscanf(given.Get("cursor"), "a%d", &after)
	rest := log[min(after, int64(len(log))):]
	page := map[string]any{"next_cursor": nil, "last_seq": len(log)}
	if len(rest) > 2 {
		rest = rest[:2]
		page["next_cursor"] = fmt.Sprint("a", rest[1].Seq)
	}
	page["logs"] = slices.DeleteFunc(slices.Clone(rest), func(l preview.LogLine) bool { return !wanted.Wants(l) })
	answer(w, 200, page)
	if page["next_cursor"] == nil && f.onLogs != nil {
		f.onLogs()
	}
}

// stream sends the log, and ends when the preview has.
func (f *fakeAPI) stream(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.generation(w, r)
	if g == nil {
		return
	}
	var after int64
	_, _ = fmt.Sscan(r.Header.Get("Last-Event-ID"), &after)
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = io.WriteString(w, ": hello\n\nevent: something-new\ndata: {}\n\n")
	for _, line := range g.log[min(after, int64(len(g.log))):] {
		data, _ := json.Marshal(line)
		_, _ = fmt.Fprintf(w, "id: %d\ndata: %s\n\n", line.Seq, data)
		if f.cuts > 0 {
			f.cuts--
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}
	}
	_ = http.NewResponseController(w).Flush()
	for f.isActive(g) {
		changed := g.changed
		f.mu.Unlock()
		select {
		case <-changed:
		case <-r.Context().Done():
		}
		f.mu.Lock()
		if r.Context().Err() != nil {
			return
		}
	}
}

func (f *fakeAPI) isActive(g *fakeGeneration) bool {
	status := g.states[g.at]["status"]
	return status != "stopped" && status != "failed"
}

func (f *fakeAPI) previews(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := []map[string]any{}
	for _, id := range sortedKeys(f.generations) {
		if g := f.generations[id]; len(g.states) > 0 {
			all = append(all, g.body(id))
		}
	}
	// One a page, so that paging is seen to work.
	at := 0
	_, _ = fmt.Sscan(r.URL.Query().Get("cursor"), &at)
	page := map[string]any{"previews": all[min(at, len(all)):min(at+1, len(all))], "next_cursor": nil}
	if at+1 < len(all) {
		page["next_cursor"] = fmt.Sprint(at + 1)
	}
	answer(w, 200, page)
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func refuse(w http.ResponseWriter, status int, code, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"type": "about:blank", "title": http.StatusText(status), "status": status, "detail": detail, "error_code": code, "request_id": "r1",
	})
}
