package fake_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"previewd/runtime/backendtest/fake"
	"previewd/runtime/preview"
)

func newFake(t *testing.T, programs map[string]fake.Program) *fake.Backend {
	t.Helper()
	b := fake.New(fake.Options{Programs: programs, Images: map[string]preview.ImageConfig{"base:1": {}}})
	t.Cleanup(func() {
		b.SetDown(false)
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func TestFailAndDown(t *testing.T) {
	b, ctx := newFake(t, nil), t.Context()
	cause := errors.New("cause")
	id, err := b.Create(ctx, preview.Spec{Image: "base:1"})
	if err != nil || b.Created() != 1 {
		t.Fatal(err, b.Created())
	}
	verbs := map[string]func() error{
		"create":     func() error { _, err := b.Create(ctx, preview.Spec{Image: "base:1"}); return err },
		"start":      func() error { return b.Start(ctx, id) },
		"stop":       func() error { return b.Stop(ctx, id, 0) },
		"remove":     func() error { return b.Remove(ctx, id) },
		"inspect":    func() error { _, err := b.Inspect(ctx, id); return err },
		"list":       func() error { _, err := b.List(ctx); return err },
		"wait":       func() error { _, err := b.Wait(ctx, id); return err },
		"logs":       func() error { _, err := b.Logs(ctx, id, preview.LogsOptions{}); return err },
		"stats":      func() error { _, err := b.Stats(ctx, id); return err },
		"disk usage": func() error { _, err := b.DiskUsage(ctx, id); return err },
		"events":     func() error { _, failed := b.Events(ctx); return <-failed },
		"ping":       func() error { return b.Ping(ctx) },
		"info":       func() error { _, err := b.Info(ctx); return err },
		"networks":   func() error { return errors.Join(b.EnsureNetworks(ctx), b.RemoveNetworks(ctx)) },
		"shim": func() error {
			_, err := b.HasShim(ctx)
			return errors.Join(err, b.EnsureShim(ctx), b.RemoveOldShims(ctx), b.RemoveShims(ctx))
		},
		"image id":     func() error { _, err := b.ImageID(ctx, "base:1"); return err },
		"image config": func() error { _, err := b.ImageConfig(ctx, "base:1"); return err },
		"images":       func() error { _, err := b.Images(ctx); return err },
		"remove image": func() error { return b.RemoveImage(ctx, "base:1") },
		"pull":         func() error { return b.Pull(ctx, "base:1", io.Discard) },
		"build":        func() error { _, err := b.Build(ctx, preview.BuildSpec{}, io.Discard); return err },
		"commit":       func() error { _, err := b.Commit(ctx, id, preview.CommitSpec{}); return err },
	}
	for verb, call := range verbs {
		b.Fail(verb, cause)
		if err := call(); !errors.Is(err, cause) {
			t.Errorf("%s: %v", verb, err)
		}
		b.Fail(verb, nil)
	}
	b.SetDown(true)
	for verb, call := range verbs {
		if err := call(); !errors.Is(err, preview.ErrEngineUnavailable) {
			t.Errorf("%s while down: %v", verb, err)
		}
	}
	if err := b.Close(); err == nil {
		t.Error("closed while down")
	}
}

func TestProgramsByImageAndDefault(t *testing.T) {
	said := func(word string) fake.Program {
		return func(_ context.Context, p *fake.Process) int {
			_, _ = io.WriteString(p.Stdout, word+"\n")
			return 0
		}
	}
	b := newFake(t, map[string]fake.Program{"run": said("by word"), "base:1": said("by image")})
	for _, c := range []struct {
		command []string
		want    string
	}{{[]string{"run", "x"}, "by word"}, {[]string{"other"}, "by image"}, {nil, "by image"}} {
		id, err := b.Create(t.Context(), preview.Spec{Image: "base:1", Command: c.command})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Start(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Wait(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		r, err := b.Logs(t.Context(), id, preview.LogsOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if e, err := r.Next(); err != nil || string(e.Text) != c.want {
			t.Errorf("%v says %q, %v", c.command, e.Text, err)
		}
	}
}

func TestDefaultWaitsForItsStopSignal(t *testing.T) {
	b := newFake(t, nil)
	id, err := b.Create(t.Context(), preview.Spec{Image: "base:1"})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(b.Start(t.Context(), id), b.Stop(t.Context(), id, time.Minute)); err != nil {
		t.Fatal(err)
	}
	if i, err := b.Inspect(t.Context(), id); err != nil || i.ExitCode != 0 || i.State != preview.InstanceExited {
		t.Errorf("%+v, %v", i, err)
	}
}

func TestListen(t *testing.T) {
	type result struct{ noPort, twice, again, after error }
	got := make(chan result, 1)
	listens := func(ctx context.Context, p *fake.Process) int {
		var r result
		l, err := p.Listen()
		if err != nil {
			got <- result{noPort: err}
			return 1
		}
		_, r.twice = p.Listen()
		_ = l.Close()
		_, r.again = p.Listen()
		<-ctx.Done()
		<-p.Killed()
		_, r.after = p.Listen()
		got <- r
		return 0
	}
	b := newFake(t, map[string]fake.Program{"": listens})
	start := func(port int) string {
		id, err := b.Create(t.Context(), preview.Spec{Image: "base:1", Port: port})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Start(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	start(0)
	if r := <-got; r.noPort == nil {
		t.Error("listens without a port")
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	id := start(l.Addr().(*net.TCPAddr).Port)
	if err := b.Stop(t.Context(), id, 50*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if r := <-got; r.twice == nil || r.again != nil || r.after == nil {
		t.Errorf("%+v", r)
	}
}

func TestStopGivesUpWithItsCaller(t *testing.T) {
	b := newFake(t, map[string]fake.Program{"": func(_ context.Context, p *fake.Process) int { <-p.Killed(); return 0 }})
	id, err := b.Create(t.Context(), preview.Spec{Image: "base:1"})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Start(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := b.Stop(ctx, id, time.Minute); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestBuildErrors(t *testing.T) {
	b := newFake(t, nil)
	for name, context := range map[string]io.Reader{"no archive": strings.NewReader("nonsense, and more than a block" + strings.Repeat("x", 600)), "no Dockerfile": bytes.NewReader(make([]byte, 1024))} {
		if _, err := b.Build(t.Context(), preview.BuildSpec{Tag: "x", Context: context}, io.Discard); err == nil {
			t.Errorf("%s: built", name)
		}
	}
}
