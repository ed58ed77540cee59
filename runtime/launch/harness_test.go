package launch_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/backendtest/fake"
	"previewd/runtime/images"
	"previewd/runtime/launch"
	"previewd/runtime/logs"
	"previewd/runtime/preview"
	"previewd/runtime/shim"
	"previewd/runtime/source"
	"previewd/runtime/tracing"
	"previewd/storage"
	"previewd/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

// deadline bounds every wait of these tests.
const deadline = 15 * time.Second

// world is a launch service on a real database with a backend in memory.
type world struct {
	t      *testing.T
	url    string
	store  *storage.Store
	shaky  bool // the store goes away now and then
	engine *engineFake
	images *imagesFake
	lines  *linesFake
	flush  time.Duration // the most that a log line waits to be stored
	logs   *logs.Logs
	config launch.Config
	traces *tracing.Tracer
	counts counts
	*launch.Service
}

func (w *world) rows() launch.Store {
	if w.shaky {
		return &shakyStore{Store: w.store, asked: map[string]int{}}
	}
	return w.store
}

// linesFake is the store of logs, which may refuse lines.
type linesFake struct {
	*storage.Store
	refuses atomic.Bool
}

func (l *linesFake) refuse(refuse bool) { l.refuses.Store(refuse) }

func (l *linesFake) AppendLogs(ctx context.Context, lines []preview.LogLine) error {
	if l.refuses.Load() {
		return errors.New("the database is away")
	}
	return l.Store.AppendLogs(ctx, lines)
}

// imagesFake provides one image for all; hooks let a test hold up or fail a stage, which is slow then.
type imagesFake struct {
	mu      sync.Mutex
	runtime func(context.Context) error
	deps    func(context.Context) error
	asked   []images.DepsRequest
}

func (f *imagesFake) Runtime(ctx context.Context, _ preview.Runtime, progress func(string)) (string, error) {
	progress("runtime image ready")
	return "app", f.hook(ctx, f.runtime)
}

func (f *imagesFake) Deps(ctx context.Context, req images.DepsRequest, sink images.Sink) (images.DepsResult, error) {
	f.mu.Lock()
	f.asked = append(f.asked, req)
	f.mu.Unlock()
	sink.System(preview.Info, "dependencies ready")
	if f.deps != nil {
		req.Slow()
	}
	return images.DepsResult{Image: "app", Cached: true}, f.hook(ctx, f.deps)
}

func (f *imagesFake) Project(ctx context.Context, req images.ProjectRequest, _ images.Sink) (images.ProjectResult, error) {
	if f.deps != nil {
		req.Slow()
	}
	err := f.hook(ctx, f.deps)
	if f.deps != nil && err == nil {
		_, err = req.Again(ctx)
	}
	return images.ProjectResult{Image: "app", User: "1000:1000", WorkDir: "/srv", Command: []string{"serve"}, Port: 8000}, err
}

// hook runs one of the hooks.
func (f *imagesFake) hook(ctx context.Context, hook func(context.Context) error) error {
	if hook == nil {
		return nil
	}
	return hook(ctx)
}

func config(t *testing.T) launch.Config {
	t.Helper()
	low := freePorts(t, 3)
	return launch.Config{
		PortMin: low, PortMax: low + 2, Quotas: preview.Quotas{PreviewsPerUser: 5}, SessionTimeout: time.Minute, MaxUptime: time.Hour,
		StartupTimeout: 10 * time.Second, InstallTimeout: time.Minute, StopGrace: time.Second,
		Limits: preview.Limits{MemoryMB: 128}, DialHost: "127.0.0.1", HealthInterval: time.Second, HealthRetries: 3, Concurrency: 4,
	}
}

// freePorts finds n ports in a row that nobody listens on.
func freePorts(t *testing.T, n int) int {
	t.Helper()
	for range 200 {
		first, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		low := first.Addr().(*net.TCPAddr).Port
		open := []net.Listener{first}
		for p := low + 1; p < low+n && p < 65536; p++ {
			if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", p)); err == nil {
				open = append(open, l)
			}
		}
		for _, l := range open {
			_ = l.Close()
		}
		if len(open) == n {
			return low
		}
	}
	t.Fatal("no free ports in a row")
	return 0
}

func newWorld(t *testing.T, program fake.Program, change ...func(*launch.Config)) *world {
	t.Helper()
	w := &world{t: t, url: storagetest.URL(t), images: &imagesFake{}, config: config(t), flush: 5 * time.Millisecond, counts: newCounts()}
	for _, c := range change {
		c(&w.config)
	}
	w.engine = &engineFake{Backend: fake.New(fake.Options{
		Programs: map[string]fake.Program{"": program}, Nodes: w.nodes(), Images: map[string]preview.ImageConfig{"app": {}},
	})}
	t.Cleanup(func() { _ = w.engine.Close() })
	store, err := storage.Open(t.Context(), w.url, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w.store, w.lines = store, &linesFake{Store: store}
	t.Cleanup(func() { _ = store.Close() })
	w.restart("first")
	return w
}

// nodes are the engine's machines, where there are many.
func (w *world) nodes() []string {
	if !w.config.Nodes {
		return nil
	}
	return []string{"n1", "n2"}
}

// restart gives the world a new service, as after a start of previewd; the database and the engine stay.
func (w *world) restart(launcher string) {
	w.t.Helper()
	logger, _ := test.NewNullLogger()
	entry := logrus.NewEntry(logger)
	w.logs = logs.New(logs.Options{Store: w.lines, Log: entry, FlushEvery: w.flush})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	l := w.logs
	go func() { defer close(done); _ = l.Run(ctx) }()
	service := launch.New(launch.Options{
		Config: w.config, Store: w.rows(), Away: isAway, Engine: w.engine, Images: w.images, Journals: w.logs, Log: entry, Launcher: launcher,
		Traces: w.traces, Metrics: w.counts.Metrics,
	})
	go service.Run(ctx)
	w.Service = service
	w.t.Cleanup(func() {
		bound, stop := context.WithTimeout(context.Background(), deadline)
		defer stop()
		if err := service.Close(bound, false); err != nil {
			w.t.Errorf("close: %v", err)
		}
		cancel()
		<-done
	})
}

// put stores a generation of these files for user u.
func (w *world) put(id string, files map[string]string) {
	w.t.Helper()
	list := map[string]source.File{}
	for name, text := range files {
		list[name] = source.File{Content: []byte(text)}
	}
	tree, err := source.FromFiles(list, source.Limits{})
	if err != nil {
		w.t.Fatal(err)
	}
	archive, err := tree.Archive()
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = w.store.PutGeneration(w.t.Context(), preview.Generation{
		ID: id, UserID: "u", ProjectID: "p", Files: len(files), Bytes: tree.Bytes(), Digest: tree.Digest(),
	}, archive, tree.Files())
	if err != nil {
		w.t.Fatal(err)
	}
}

// nodeApp is a project that detection recognises and that needs an install.
var nodeApp = map[string]string{
	"package.json": `{"scripts": {"start": "node server.js"}, "dependencies": {"express": "5.1.0"}}`, "server.js": "// served by the fake backend",
}

func (w *world) launch(id string, change ...func(*launch.Request)) preview.Preview {
	w.t.Helper()
	req := launch.Request{GenerationID: id, UserID: "u", ProjectID: "p"}
	for _, c := range change {
		c(&req)
	}
	l, err := w.Launch(w.t.Context(), req)
	if err != nil {
		w.t.Fatalf("launch: %v", err)
	}
	if !strings.HasPrefix(l.SessionToken, "sess_") || l.Preview.Status != preview.Starting || l.Preview.Port == 0 {
		w.t.Errorf("launched %+v with token %q", l.Preview, l.SessionToken)
	}
	return l.Preview
}

// settled waits until the preview runs or has ended.
func (w *world) settled(id string) preview.Preview {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), deadline)
	defer cancel()
	p, err := w.Wait(ctx, id)
	if err != nil {
		w.t.Fatalf("wait: %v", err)
	}
	return p
}

// until waits for a condition on the stored row.
func (w *world) until(id, what string, ok func(preview.Preview) bool) preview.Preview {
	w.t.Helper()
	var last preview.Preview
	for end := time.Now().Add(deadline); time.Now().Before(end); {
		p, err := w.store.Preview(w.t.Context(), id)
		if err != nil {
			w.t.Fatal(err)
		}
		if last = p; ok(p) {
			return p
		}
		pause := time.NewTimer(5 * time.Millisecond)
		<-pause.C
	}
	w.t.Fatalf("preview never came to be: %s; it is %s, phase %s, reason %+v", what, last.Status, last.Phase, last.Reason)
	return last
}

func (w *world) ended(id string) preview.Preview {
	w.t.Helper()
	return w.until(id, "ended", func(p preview.Preview) bool { return !p.Status.Active() })
}

func (w *world) running(id string) preview.Preview {
	w.t.Helper()
	p := w.settled(id)
	if p.Status != preview.Running {
		w.t.Fatalf("preview is %s, reason %+v", p.Status, p.Reason)
	}
	return p
}

// says waits until the preview's log says so, and returns it.
func (w *world) says(id, text string) string {
	w.t.Helper()
	for end := time.Now().Add(deadline); ; {
		log := w.logText(id)
		if strings.Contains(log, text) {
			return log
		}
		if time.Now().After(end) {
			w.t.Fatalf("the log lacks %q:\n%s", text, log)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// logText is the preview's stored log, a line each.
func (w *world) logText(id string) string {
	w.t.Helper()
	lines, err := w.store.LogLines(w.t.Context(), id, 0, 10_000)
	if err != nil {
		w.t.Fatal(err)
	}
	var b strings.Builder
	for i, l := range lines {
		if l.Seq != int64(i+1) {
			w.t.Errorf("line %d has seq %d: a gap or a repeat", i+1, l.Seq)
		}
		fmt.Fprintf(&b, "%s %s\n", l.Source, l.Message)
	}
	return b.String()
}

// nothingLeft checks that the engine has no instance and the port can be leased again.
func (w *world) nothingLeft() {
	w.t.Helper()
	list, err := w.engine.List(w.t.Context())
	if err != nil || len(list) > 0 {
		w.t.Errorf("instances left: %+v, %v", list, err)
	}
	active, err := w.store.Claims(w.t.Context())
	if err != nil || len(active) > 0 {
		w.t.Errorf("active rows left: %+v, %v", active, err)
	}
}

// report writes one of the shim's reports as the instance.
func report(p *fake.Process, r shim.Report) {
	var c shim.Config
	if err := json.Unmarshal([]byte(p.Env[shim.EnvConfig]), &c); err != nil {
		panic(err)
	}
	_, _ = p.Stderr.Write(shim.AppendReport(nil, c.Nonce, r))
}

// serve answers every request until the instance is stopped.
func serve(ctx context.Context, p *fake.Process) int {
	report(p, shim.Report{Kind: shim.ReportStarted, PID: 2})
	_, _ = fmt.Fprintln(p.Stdout, "listening")
	if err := p.Serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("hello")) })); err != nil {
		return 99
	}
	report(p, shim.Report{Kind: shim.ReportListening, Addresses: []string{"0.0.0.0:3000"}, Address: "127.0.0.1:3000", Forwarded: true})
	<-ctx.Done()
	_, _ = fmt.Fprintln(p.Stdout, "goodbye")
	return 0
}

// exitWith says something and exits.
func exitWith(code int, says string) fake.Program {
	return func(_ context.Context, p *fake.Process) int {
		_, _ = fmt.Fprintln(p.Stderr, says)
		return code
	}
}

var errBroken = errors.New("broken on purpose")
