package backendtest

import (
	"archive/tar"
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"testing"
	"time"

	"previewd/runtime/preview"
)

// Program is the source of what instances run; its first argument says what it does.
//
//go:embed program.pl
var Program []byte

// deadline bounds one test of the suite; slow machines run it beside others.
const deadline = 2 * time.Minute

// bench is one test's workplace.
type bench struct {
	Backend
	ctx   context.Context // one per test
	image string
	nodes int
	hold  func(t *testing.T, port int)
}

func newBench(t *testing.T, target Target) *bench {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	t.Cleanup(cancel)
	b := &bench{Backend: target.New(t), ctx: ctx, image: target.Image, nodes: max(1, target.Nodes), hold: target.Hold}
	if b.hold == nil {
		b.hold = holdHere
	}
	must(t, b.EnsureNetworks(ctx))
	return b
}

// spec describes an instance that runs the program with args.
func (b *bench) spec(args ...string) preview.Spec {
	return preview.Spec{
		Kind: preview.KindPreview, PreviewID: preview.NewID(), GenerationID: "generation", UserID: "user",
		Image: b.image, Entrypoint: []string{"perl"}, Command: append([]string{"/app/program.pl"}, args...),
		WorkDir: "/app", User: "10001:10001", Network: preview.NetworkPreviews,
		Limits: preview.Limits{MemoryMB: 64, CPUs: 1, PIDs: 64, DiskMB: 64, OpenFile: 1024},
		Files:  []preview.Upload{{Dir: "/app", UID: 10001, GID: 10001, Tar: archive("program.pl", Program)}},
	}
}

func archive(name string, content []byte) io.Reader {
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	_ = w.WriteHeader(&tar.Header{Name: name, Size: int64(len(content)), Mode: 0o644}) // a buffer takes everything
	_, _ = w.Write(content)
	_ = w.Close()
	return &buf
}

// create makes an instance that is removed after the test.
func (b *bench) create(t *testing.T, spec preview.Spec) string {
	t.Helper()
	id, err := b.Create(b.ctx, spec)
	must(t, err)
	t.Cleanup(func() {
		if err := b.Remove(context.Background(), id); err != nil {
			t.Errorf("remove: %v", err)
		}
	})
	return id
}

// start creates and starts an instance.
func (b *bench) start(t *testing.T, args ...string) string {
	t.Helper()
	id := b.create(t, b.spec(args...))
	must(t, b.Start(b.ctx, id))
	return id
}

// ready starts an instance and waits until it has said so.
func (b *bench) ready(t *testing.T, args ...string) string {
	t.Helper()
	id := b.start(t, args...)
	b.awaitLine(t, id, "ready")
	return id
}

func (b *bench) awaitLine(t *testing.T, id, want string) {
	t.Helper()
	r, err := b.Logs(b.ctx, id, preview.LogsOptions{Follow: true})
	must(t, err)
	defer func() { _ = r.Close() }()
	for {
		e, err := r.Next()
		if err != nil {
			t.Fatalf("the instance never said %q: %v", want, err)
		}
		if string(e.Text) == want {
			return
		}
	}
}

// output runs an instance to its end and returns its whole log.
func (b *bench) output(t *testing.T, id string) []preview.LogEntry {
	t.Helper()
	_, err := b.Wait(b.ctx, id)
	must(t, err)
	r, err := b.Logs(b.ctx, id, preview.LogsOptions{})
	must(t, err)
	return drain(t, r)
}

func drain(t *testing.T, r preview.LogReader) []preview.LogEntry {
	t.Helper()
	defer func() { _ = r.Close() }()
	var all []preview.LogEntry
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		must(t, err)
		e.Text = bytes.Clone(e.Text)
		all = append(all, e)
	}
}

func texts(entries []preview.LogEntry) []string {
	list := make([]string, len(entries))
	for n, e := range entries {
		list[n] = string(e.Text)
	}
	return list
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

// holdHere listens on a port of this machine until the test ends.
func holdHere(t *testing.T, port int) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	must(t, err)
	t.Cleanup(func() { _ = l.Close() })
}

// address is where an instance's port is reached.
func address(i preview.Instance) string {
	host := i.Host
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, strconv.Itoa(i.Port))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got error %v, want %v", err, want)
	}
}

// eventually polls until ok, to a deadline.
func (b *bench) eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-b.ctx.Done():
			t.Fatalf("never happened: %s", what)
		}
	}
}
