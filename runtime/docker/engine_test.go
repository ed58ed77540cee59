package docker

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
)

// scripted returns a backend whose engine answers as the test says: for what a real engine cannot be brought to do.
func scripted(t *testing.T, answers map[string]http.HandlerFunc) *Backend {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/_ping", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Api-Version", "1.41") })
	for pattern, h := range answers {
		mux.HandleFunc(pattern, h)
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	b, err := New(Options{Owner: "scripted", Host: "tcp://" + s.Listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// verbs calls every verb once.
func verbs(ctx context.Context, b *Backend) map[string]error {
	errs := make(map[string]error)
	spec := preview.Spec{Image: "i"}
	_, errs["create"] = b.Create(ctx, spec)
	errs["start"] = b.Start(ctx, "c")
	errs["stop"] = b.Stop(ctx, "c", 0)
	errs["remove"] = b.Remove(ctx, "c")
	_, errs["inspect"] = b.Inspect(ctx, "c")
	_, errs["list"] = b.List(ctx)
	_, errs["wait"] = b.Wait(ctx, "c")
	_, errs["logs"] = b.Logs(ctx, "c", preview.LogsOptions{})
	_, errs["stats"] = b.Stats(ctx, "c")
	_, errs["disk"] = b.DiskUsage(ctx, "c")
	_, errs["info"] = b.Info(ctx)
	errs["ping"] = b.Ping(ctx)
	_, errs["image id"] = b.ImageID(ctx, "i")
	_, errs["image config"] = b.ImageConfig(ctx, "i")
	_, errs["images"] = b.Images(ctx)
	_, errs["build"] = b.Build(ctx, preview.BuildSpec{Tag: "t", Context: strings.NewReader("")}, io.Discard)
	_, errs["commit"] = b.Commit(ctx, "c", preview.CommitSpec{})
	errs["remove image"] = b.RemoveImage(ctx, "i")
	errs["pull"] = b.Pull(ctx, "i", io.Discard)
	errs["networks"] = b.EnsureNetworks(ctx)
	errs["remove networks"] = b.RemoveNetworks(ctx)
	errs["remove shims"] = b.RemoveShims(ctx)
	b.o.ShimFiles, b.o.ShimDigest = testShim, "x"
	errs["shim"] = b.EnsureShim(ctx)
	_, failed := b.Events(ctx)
	errs["events"] = <-failed
	return errs
}

// TestEngineGone: whatever the verb, and however the connection fails.
func TestEngineGone(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	go func() { // accepts, and hangs up before it answers
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.Close()
		}
	}()
	for name, host := range map[string]string{
		"no socket":       "unix://" + t.TempDir() + "/docker.sock",
		"nobody listens":  "tcp://127.0.0.1:1",
		"connection lost": "tcp://" + l.Addr().String(),
	} {
		t.Run(name, func(t *testing.T) {
			b, err := New(Options{Owner: "gone", Host: host})
			if err != nil {
				t.Fatal(err)
			}
			for verb, err := range verbs(t.Context(), b) {
				if !errors.Is(err, preview.ErrEngineUnavailable) {
					t.Errorf("%s: %v", verb, err)
				}
			}
		})
	}
}

// TestEngineRefuses: an answer is no lost connection.
func TestEngineRefuses(t *testing.T) {
	b := scripted(t, map[string]http.HandlerFunc{"/": says(http.StatusInternalServerError, `{"message":"broken inside"}`)})
	for verb, err := range verbs(t.Context(), b) {
		if verb == "ping" {
			continue
		}
		if err == nil || errors.Is(err, preview.ErrEngineUnavailable) || !strings.Contains(err.Error(), "broken inside") {
			t.Errorf("%s: %v", verb, err)
		}
	}
}

func frame(stream byte, text string) []byte {
	head := make([]byte, 8, 8+len(text))
	head[0] = stream
	binary.BigEndian.PutUint32(head[4:], uint32(len(text)))
	return append(head, text...)
}

func logsOf(t *testing.T, raw []byte, cut bool) (preview.LogReader, error) {
	t.Helper()
	b := scripted(t, map[string]http.HandlerFunc{"/v1.41/containers/c/logs": func(w http.ResponseWriter, _ *http.Request) {
		if !cut {
			_, _ = w.Write(raw)
			return
		}
		conn, buf, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		_, _ = fmt.Fprintf(buf, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(raw), raw)
		_ = buf.Flush()
		_ = conn.Close()
	}})
	return b.Logs(t.Context(), "c", preview.LogsOptions{Since: time.Unix(5, 7)})
}

func TestLogStreamBreaks(t *testing.T) {
	line := frame(1, "2026-01-02T03:04:05.000000006Z text\n")
	for name, raw := range map[string][]byte{"between entries": line, "in a header": append(bytes.Clone(line), 1, 0), "in an entry": append(bytes.Clone(line), line[:20]...)} {
		t.Run(name, func(t *testing.T) {
			r, err := logsOf(t, raw, true)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = r.Close() }()
			e, err := r.Next()
			if err != nil || string(e.Text) != "text" || e.Timestamp.Nanosecond() != 6 {
				t.Fatalf("first entry %+v, %v", e, err)
			}
			if _, err = r.Next(); !errors.Is(err, preview.ErrEngineUnavailable) {
				t.Errorf("after the break: %v", err)
			}
		})
	}
}

func TestLogStreamNonsense(t *testing.T) {
	for name, raw := range map[string][]byte{
		"huge frame":     {1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff},
		"no timestamp":   frame(1, "text"),
		"bad timestamp":  frame(2, "yesterday text\n"),
		"unknown stream": frame(9, "2026-01-02T03:04:05Z text\n"),
		"engine's error": frame(3, "disk\x1b broken"),
	} {
		t.Run(name, func(t *testing.T) {
			r, err := logsOf(t, raw, false)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = r.Close() }()
			if _, err := r.Next(); err == nil || errors.Is(err, io.EOF) || strings.Contains(err.Error(), "\x1b") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestQuotaSupported(t *testing.T) {
	var asked []string
	b := scripted(t, map[string]http.HandlerFunc{
		"/v1.41/images/i/json": says(200, `{"Id":"sha256:1","Config":null}`),
		"/v1.41/containers/create": func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			asked = append(asked, string(body))
			says(201, `{"Id":"c"}`)(w, r)
		},
		"/v1.41/containers/c/json":   says(200, `{"Id":"c","Config":{"Labels":{"previewd.owner":"scripted"}},"State":{}}`),
		"DELETE /v1.41/containers/c": says(204, ""),
	})
	for range 2 {
		if _, err := b.Create(t.Context(), preview.Spec{Image: "i", Limits: preview.Limits{DiskMB: 100}}); err != nil {
			t.Fatal(err)
		}
	}
	if len(asked) != 3 || !strings.Contains(asked[1], `"size":"100m"`) || !strings.Contains(asked[2], `"size":"100m"`) {
		t.Errorf("asked %q", asked)
	}
}

func TestStartErrors(t *testing.T) {
	for message, want := range map[string]error{
		"driver failed programming external connectivity on endpoint x (abc): Bind for 127.0.0.1:3001 failed: port is already allocated":                                            preview.ErrPortTaken,
		"driver failed programming external connectivity on endpoint x: Error starting userland proxy: listen tcp4 127.0.0.1:3001: bind: address already in use":                    preview.ErrPortTaken,
		"failed to set up container networking: driver failed programming external connectivity on endpoint x: failed to bind host port 127.0.0.1:3001/tcp: address already in use": preview.ErrPortTaken,
	} {
		b := scripted(t, map[string]http.HandlerFunc{"/v1.41/containers/c/start": says(500, `{"message":"`+message+`"}`)})
		if err := b.Start(t.Context(), "c"); !errors.Is(err, want) {
			t.Errorf("%s: %v", message, err)
		}
	}
}

func TestWaitFails(t *testing.T) {
	b := scripted(t, map[string]http.HandlerFunc{"/v1.41/containers/c/wait": says(200, `{"StatusCode":-1,"Error":{"Message":"lost it"}}`)})
	if _, err := b.Wait(t.Context(), "c"); err == nil || !strings.Contains(err.Error(), "lost it") {
		t.Errorf("got %v", err)
	}
}

func TestRemovalInProgress(t *testing.T) {
	answers := 0
	b := scripted(t, map[string]http.HandlerFunc{
		"/v1.41/containers/c/json": says(200, `{"Id":"c","Config":{"Labels":{"previewd.owner":"scripted"}},"State":{}}`),
		"DELETE /v1.41/containers/c": func(w http.ResponseWriter, r *http.Request) {
			if answers++; answers < 3 {
				says(409, `{"message":"removal of container c is already in progress"}`)(w, r)
				return
			}
			says(404, `{"message":"No such container: c"}`)(w, r)
		},
	})
	if err := b.Remove(t.Context(), "c"); err != nil || answers != 3 {
		t.Errorf("%v after %d answers", err, answers)
	}
	answers = -1 << 30
	ctx, cancel := context.WithTimeout(t.Context(), 10*removeRetry)
	defer cancel()
	if err := b.Remove(ctx, "c"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a removal that never ends: %v", err)
	}
}

// TestQuestionsWithoutAnswer are about a container that the engine is stuck with.
func TestQuestionsWithoutAnswer(t *testing.T) {
	silent := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	b := scripted(t, map[string]http.HandlerFunc{
		"/v1.41/containers/json": silent, "/v1.41/containers/c/json": silent, "/v1.41/containers/c/stats": silent,
	})
	b.patience = 50 * time.Millisecond
	for name, ask := range map[string]func(context.Context) error{
		"list":    func(ctx context.Context) error { _, err := b.List(ctx); return err },
		"inspect": func(ctx context.Context) error { _, err := b.Inspect(ctx, "c"); return err },
		"stats":   func(ctx context.Context) error { _, err := b.Stats(ctx, "c"); return err },
		"disk":    func(ctx context.Context) error { _, err := b.DiskUsage(ctx, "c"); return err },
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		if err := ask(ctx); !errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
			t.Errorf("%s: %v", name, err)
		}
		cancel()
	}
}

func TestPullProgress(t *testing.T) {
	b := scripted(t, map[string]http.HandlerFunc{"/v1.41/images/create": says(200, `
		{"status":"Pulling from library/x","id":"1"}
		{"status":"Downloading","progressDetail":{"current":1,"total":2},"id":"a"}
		{"status":"Downloading","progressDetail":{"current":2,"total":2},"id":"a"}
		{"status":"Pull complete","id":"a"}
		{"status":"Done"}`)})
	var out bytes.Buffer
	if err := b.Pull(t.Context(), "x", &out); err != nil {
		t.Fatal(err)
	}
	if want := "1: Pulling from library/x\na: Downloading\na: Pull complete\nDone\n"; out.String() != want {
		t.Errorf("progress %q", out.String())
	}
	if err := b.Pull(t.Context(), "x", failingWriter{}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("a writer that fails: %v", err)
	}
	b = scripted(t, map[string]http.HandlerFunc{"/v1.41/images/create": says(200, `{"errorDetail":{"message":"manifest unknown"},"error":"manifest unknown"}`)})
	if err := b.Pull(t.Context(), "x", &out); err == nil || !strings.Contains(err.Error(), "manifest unknown") {
		t.Errorf("an error in the stream: %v", err)
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestBuildBreaksOff(t *testing.T) {
	b := scripted(t, map[string]http.HandlerFunc{"/v1.41/build": says(200, `{"stream":"Step 1"}{"str`)})
	var failed *preview.BuildError
	_, err := b.Build(t.Context(), preview.BuildSpec{Tag: "t", Context: strings.NewReader("")}, io.Discard)
	if !errors.Is(err, preview.ErrEngineUnavailable) || errors.As(err, &failed) {
		t.Errorf("got %v", err)
	}
}

func TestEventsOfHelpersAreDropped(t *testing.T) {
	b := scripted(t, map[string]http.HandlerFunc{"/v1.41/events": says(200, `
		{"Type":"container","Action":"destroy","Actor":{"ID":"helper","Attributes":{"previewd.owner":"scripted"}},"timeNano":1}
		{"Type":"container","Action":"die","Actor":{"ID":"c","Attributes":{"previewd.kind":"preview","previewd.preview":"p","exitCode":"9"}},"timeNano":2000000001}`)})
	events, failed := b.Events(t.Context())
	want := preview.InstanceEvent{InstanceID: "c", PreviewID: "p", Kind: preview.EventDied, ExitCode: 9, At: time.Unix(2, 1)}
	if got := <-events; got != want {
		t.Errorf("got %+v", got)
	}
	if err := <-failed; !errors.Is(err, preview.ErrEngineUnavailable) {
		t.Errorf("the end: %v", err)
	}
}
