package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"previewd/runtime/docker/dockertest"
	"previewd/runtime/preview"
	"previewd/runtime/source"
	"previewd/server/app"
	"previewd/server/auth"
	"previewd/server/built"
	"previewd/server/client"
	"previewd/server/config"
	"previewd/server/openapi/openapitest"
)

const (
	secret = "a-secret-for-these-tests-and-nothing-else"
	// patience bounds every wait: first launches build images and install dependencies.
	patience = 4 * time.Minute
	examples = "../../examples"
)

// nextPorts hands every app of these tests a range of host ports of its own.
var nextPorts = struct {
	sync.Mutex
	low int
}{low: 13001}

func portRange(n int) (low, high int) {
	nextPorts.Lock()
	defer nextPorts.Unlock()
	low = nextPorts.low
	nextPorts.low += n
	return low, low + n - 1
}

// settings are the environment of a previewd of the test's own.
func settings(t testing.TB, ports int, more ...string) []string {
	t.Helper()
	low, high := portRange(ports)
	return append([]string{
		"PREVIEW_LISTEN_ADDR=127.0.0.1:0", "PREVIEW_DATA_DIR=" + t.TempDir(), "PREVIEW_JWT_SECRET=" + secret,
		fmt.Sprint("PREVIEW_PORT_MIN=", low), fmt.Sprint("PREVIEW_PORT_MAX=", high),
		"PREVIEW_INSTALL_TIMEOUT=600", "PREVIEW_STARTUP_TIMEOUT=90", "PREVIEW_MAX_PER_USER=100", "PREVIEW_LOG_LEVEL=warn",
		"PREVIEW_RATE_LAUNCH=0", "PREVIEW_RATE_STATUS=0", "PREVIEW_RATE_UPLOAD=0",
	}, more...)
}

// service is a running previewd.
type service struct {
	t   testing.TB
	app *app.App
	api string
}

func start(t testing.TB, environ []string) *service {
	t.Helper()
	cfg, _, err := config.Load(environ)
	if err != nil {
		t.Fatal(err)
	}
	a := app.New(app.Options{Config: cfg, Built: built.Info{Version: "test"}, Log: app.NewLog(cfg, os.Stderr), CacheScope: "previewd-tests"})
	if err := a.Start(t.Context()); err != nil {
		t.Fatalf("previewd did not start: %v", err)
	}
	dockertest.Note(t, a.Owner())
	s := &service{t: t, app: a, api: "http://" + a.Addr().String()}
	t.Cleanup(s.stop)
	return s
}

func (s *service) stop() {
	if s.app == nil {
		return
	}
	if err := s.app.Stop(); err != nil {
		s.t.Errorf("stop: %v", err)
	}
	s.app = nil
}

// as returns a client of the API for a user. What it exchanges with the server is held to the document.
func (s *service) as(t testing.TB, user string) *client.Client {
	t.Helper()
	return s.plainly(t, user).Through(&openapitest.Transport{T: t})
}

func (s *service) plainly(t testing.TB, user string) *client.Client {
	t.Helper()
	token, err := auth.Mint([]byte(secret), user, time.Hour, false)
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.New(s.api, client.StaticToken(token))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// project is one generation of one user on one service.
type project struct {
	*client.Client
	t  testing.TB
	id string
}

// upload stores a folder as a generation named after the test.
func (s *service) upload(t testing.TB, dir string) *project {
	t.Helper()
	tree, _, err := source.FromDir(dir, source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return s.uploadTree(t, tree)
}

func (s *service) uploadFiles(t testing.TB, files map[string]string) *project {
	t.Helper()
	list := map[string]source.File{}
	for name, text := range files {
		list[name] = source.File{Content: []byte(text)}
	}
	tree, err := source.FromFiles(list, source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return s.uploadTree(t, tree)
}

func (s *service) uploadTree(t testing.TB, tree *source.Tree) *project {
	t.Helper()
	archive, err := tree.Archive()
	if err != nil {
		t.Fatal(err)
	}
	p := &project{Client: s.as(t, "tester"), t: t, id: generationName(t)}
	if _, err := p.PutGeneration(t.Context(), p.id, "tests", archive); err != nil {
		t.Fatalf("upload: %v", err)
	}
	return p
}

// named is a test under another name: one test, several generations.
type named struct {
	testing.TB
	name string
}

func (n named) Name() string { return n.TB.Name() + "." + n.name }

func nameOf(t testing.TB, name string) testing.TB { return named{t, name} }

func generationName(t testing.TB) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", r) {
			return r
		}
		return '-'
	}, t.Name())
	return name[max(0, len(name)-100):]
}

// launch starts the preview and stops it with the test.
func (p *project) launch(change ...func(*client.LaunchRequest)) client.Launched {
	p.t.Helper()
	req := client.LaunchRequest{ProjectID: "tests"}
	for _, c := range change {
		c(&req)
	}
	l, err := p.Launch(p.t.Context(), p.id, req)
	if err != nil {
		p.t.Fatalf("launch: %v", err)
	}
	p.t.Cleanup(p.stop)
	return l
}

func (p *project) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var gone *client.Problem
	if err := p.Stop(ctx, p.id); err != nil && !errors.As(err, &gone) && !errors.Is(err, client.ErrUnreachable) {
		p.t.Errorf("stop: %v", err)
	}
}

func (p *project) status() client.Status {
	p.t.Helper()
	s, err := p.Status(p.t.Context(), p.id)
	if err != nil {
		p.t.Fatalf("status: %v", err)
	}
	return s
}

// until waits for a status.
func (p *project) until(what string, ok func(client.Status) bool) client.Status {
	p.t.Helper()
	var last client.Status
	if !eventually(patience, func() bool { last = p.status(); return ok(last) }) {
		p.t.Fatalf("never %s: it is %s, phase %s, %s %s", what, last.Status, last.Phase, last.Reason, last.Message)
	}
	return last
}

// running launches and waits until the app has answered.
func (p *project) running(change ...func(*client.LaunchRequest)) client.Status {
	p.t.Helper()
	p.launch(change...)
	s := p.until("settled", func(s client.Status) bool { return s.Status != preview.Starting })
	if s.Status != preview.Running {
		p.t.Fatalf("preview %s: %s %s (%s)\n%s", s.Status, s.Reason, s.Message, s.Hint, p.log())
	}
	return s
}

func (p *project) ended() client.Status {
	p.t.Helper()
	return p.until("ended", func(s client.Status) bool { return s.Status == preview.Stopped || s.Status == preview.Failed })
}

// lines is the preview's stored log, checked for gaps and repeats.
func (p *project) lines() []preview.LogLine {
	p.t.Helper()
	return p.linesAfter(0)
}

// linesAfter is what is stored after a seq, checked like lines. Who waits reads on with it: a log that grows by hundreds of lines a
// second, read from its start at every look, would be most of what the machine does.
func (p *project) linesAfter(seq int64) []preview.LogLine {
	p.t.Helper()
	var lines []preview.LogLine
	err := p.Logs(p.t.Context(), p.id, seq, func(l preview.LogLine) { lines = append(lines, l) })
	if err != nil {
		p.t.Fatalf("logs: %v", err)
	}
	for i, l := range lines {
		if l.Seq != seq+int64(i+1) {
			p.t.Fatalf("line %d after %d has seq %d: a gap or a repeat", i+1, seq, l.Seq)
		}
	}
	return lines
}

// tells waits until the stored log has a text a number of times.
func (p *project) tells(within time.Duration, text string, times int) bool {
	p.t.Helper()
	seq, told := int64(0), 0
	return eventually(within, func() bool {
		for _, l := range p.linesAfter(seq) {
			seq = l.Seq
			told += strings.Count(l.Message, text)
		}
		return told >= times
	})
}

func (p *project) log() string {
	p.t.Helper()
	var b strings.Builder
	for _, l := range p.lines() {
		fmt.Fprintf(&b, "%s %s %s\n", l.Source, l.Level, l.Message)
	}
	return b.String()
}

// get asks the preview itself.
func get(t testing.TB, url string) (status int, body string) {
	t.Helper()
	status, body, err := tryGet(t.Context(), url)
	if err != nil {
		t.Fatalf("GET %s: %v", url, err)
	}
	return status, body
}

var web = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 2 * time.Minute}

func tryGet(ctx context.Context, url string) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, "", err
	}
	resp, err := web.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	return resp.StatusCode, string(body), err
}

// attack asks the hostile example for one of its attacks.
func attack[T any](t testing.TB, base, path string) T {
	t.Helper()
	_, body := get(t, base+path)
	var outcome T
	if err := json.Unmarshal([]byte(body), &outcome); err != nil {
		t.Fatalf("%s answers %q: %v", path, body, err)
	}
	return outcome
}

// eventually polls a condition until it holds or the time is over.
func eventually(within time.Duration, ok func() bool) bool {
	for end := time.Now().Add(within); time.Now().Before(end); {
		if ok() {
			return true
		}
		timer := time.NewTimer(20 * time.Millisecond)
		<-timer.C
	}
	return ok()
}

// listen holds a host port like any other program would.
func listen(t testing.TB, addr string) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func example(parts ...string) string { return filepath.Join(append([]string{examples}, parts...)...) }
