package images_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"previewd/runtime/backendtest/fake"
	"previewd/runtime/detect"
	"previewd/runtime/images"
	"previewd/runtime/preview"
)

func request() images.DepsRequest {
	return images.DepsRequest{
		PreviewID: preview.NewID(), GenerationID: "g", UserID: "u", RuntimeImage: "rt", Root: "api",
		Install: &detect.Install{Command: "npm ci", Inputs: []string{"package.json"}},
		Tree:    tree(map[string]string{"api/package.json": "{}", "api/index.js": "1", "other.json": "{}"}),
		Timeout: time.Minute,
	}
}

func succeed(_ context.Context, p *fake.Process) int {
	_, _ = fmt.Fprintln(p.Stdout, "added 1 package")
	return 0
}

func TestDepsNothingToInstall(t *testing.T) {
	s, _ := fakeStore(t, succeed, nil)
	req := request()
	req.Install = nil
	r, err := s.Deps(t.Context(), req, &sink{})
	if err != nil || r.Image != "rt" || !r.Cached {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestDepsKey(t *testing.T) {
	s, b := fakeStore(t, succeed, nil)
	first, err := s.Deps(t.Context(), request(), &sink{})
	if err != nil || first.Cached {
		t.Fatalf("%+v, %v", first, err)
	}
	for name, c := range map[string]struct {
		change func(*images.DepsRequest)
		cached bool
	}{
		"the same":        {func(*images.DepsRequest) {}, true},
		"another preview": {func(r *images.DepsRequest) { r.PreviewID, r.GenerationID = preview.NewID(), "h" }, true},
		"another source": {func(r *images.DepsRequest) {
			r.Tree = tree(map[string]string{"api/package.json": "{}", "api/index.js": "2"})
		}, true},
		"another manifest": {func(r *images.DepsRequest) { r.Tree = tree(map[string]string{"api/package.json": "{ }"}) }, false},
		"another user":     {func(r *images.DepsRequest) { r.UserID = "v" }, false},
		"another command":  {func(r *images.DepsRequest) { r.Install = &detect.Install{Command: "npm i", Inputs: r.Install.Inputs} }, false},
		"another variable": {func(r *images.DepsRequest) { r.Env = map[string]string{"A": "1"} }, false},
		"another runtime":  {func(r *images.DepsRequest) { r.RuntimeImage = base }, false},
		"another root":     {func(r *images.DepsRequest) { r.Root, r.Tree = "web", tree(map[string]string{"web/package.json": "{}"}) }, false},
	} {
		req := request()
		c.change(&req)
		r, err := s.Deps(t.Context(), req, &sink{})
		if err != nil || r.Cached != c.cached || (r.Image == first.Image) != c.cached {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
	if left, err := b.List(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestDepsRefusesBadInputs(t *testing.T) {
	s, _ := fakeStore(t, succeed, nil)
	for _, input := range []string{"missing.json", ".", "../other.json"} {
		req := request()
		req.Install = &detect.Install{Command: "x", Inputs: []string{input}}
		req.Root = "api"
		if input == "../other.json" {
			req.Root = "../api"
		}
		if _, err := s.Deps(t.Context(), req, &sink{}); err == nil {
			t.Errorf("%s accepted", input)
		}
	}
}

func TestDepsInstallsOnceForMany(t *testing.T) {
	proceed := make(chan struct{})
	s, b := fakeStore(t, func(_ context.Context, p *fake.Process) int { <-proceed; return 0 }, nil)
	var done sync.WaitGroup
	outs := make([]sink, 8)
	for i := range outs {
		done.Go(func() {
			if _, err := s.Deps(t.Context(), request(), &outs[i]); err != nil {
				t.Error(err)
			}
		})
	}
	until(t, func() bool {
		n := 0
		for i := range outs {
			if strings.Contains(outs[i].text(), "waiting") {
				n++
			}
		}
		return n == len(outs)-1
	})
	close(proceed)
	done.Wait()
	if b.Created() != 1 {
		t.Errorf("%d instances", b.Created())
	}
}

func TestDepsNextTriesWhenFirstIsCancelled(t *testing.T) {
	var mu sync.Mutex
	runs := 0
	s, b := fakeStore(t, func(ctx context.Context, p *fake.Process) int {
		mu.Lock()
		runs++
		first := runs == 1
		mu.Unlock()
		if first {
			<-ctx.Done()
			return 143
		}
		return 0
	}, nil)
	ctx, cancel := context.WithCancel(t.Context())
	firstErr := make(chan error, 1)
	go func() { _, err := s.Deps(ctx, request(), &sink{}); firstErr <- err }()
	until(t, func() bool { return b.Created() == 1 })
	second := make(chan error, 1)
	var out sink
	go func() { _, err := s.Deps(t.Context(), request(), &out); second <- err }()
	until(t, func() bool { return strings.Contains(out.text(), "waiting") })
	cancel()
	if err := <-firstErr; !errors.Is(err, context.Canceled) {
		t.Errorf("first: %v", err)
	}
	if err := <-second; err != nil {
		t.Errorf("second: %v", err)
	}
	if left, err := b.List(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestDepsReasons(t *testing.T) {
	for name, c := range map[string]struct {
		program fake.Program
		timeout time.Duration
		code    preview.Code
	}{
		"exit code": {func(_ context.Context, p *fake.Process) int {
			_, _ = fmt.Fprintln(p.Stderr, "fatal error: x.h: No such file or directory")
			return 1
		}, time.Minute, preview.InstallFailed},
		"memory":  {func(_ context.Context, p *fake.Process) int { p.OutOfMemory(); return 137 }, time.Minute, preview.OutOfMemory},
		"timeout": {func(ctx context.Context, p *fake.Process) int { <-p.Killed(); return 137 }, 20 * time.Millisecond, preview.InstallTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			s, b := fakeStore(t, c.program, nil)
			req := request()
			req.Timeout = c.timeout
			_, err := s.Deps(t.Context(), req, &sink{})
			var reason *preview.Reason
			if !errors.As(err, &reason) || reason.Code != c.code || reason.Hint == "" {
				t.Errorf("%v", err)
			}
			if left, err := b.List(t.Context()); err != nil || len(left) != 0 {
				t.Errorf("left: %v, %v", left, err)
			}
		})
	}
}

// Every verb of the engine that fails ends the call with its error and leaves no instance.
func TestDepsEngineFails(t *testing.T) {
	broken := errors.New("engine broke")
	for _, verb := range []string{"image id", "create", "start", "logs", "wait", "disk usage", "commit"} {
		s, b := fakeStore(t, succeed, nil)
		b.Fail(verb, broken)
		if _, err := s.Deps(t.Context(), request(), &sink{}); !errors.Is(err, broken) {
			t.Errorf("%s: %v", verb, err)
		}
		b.Fail(verb, nil)
		if left, err := b.List(t.Context()); err != nil || len(left) != 0 {
			t.Errorf("%s: left %v, %v", verb, left, err)
		}
	}
}
