package images_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/docker"
	"previewd/runtime/docker/dockertest"
	"previewd/runtime/images"
	"previewd/runtime/preview"
)

// machineBundle is where Debian keeps the certificates it trusts.
const machineBundle = "/etc/ssl/certs/ca-certificates.crt"

// limits of installs and builds in tests.
var limits = preview.Limits{MemoryMB: 2048, CPUs: 2, PIDs: 512, DiskMB: 2048, OpenFile: 4096}

// realEngine is a Docker backend of the test's own.
func realEngine(t *testing.T) *docker.Backend {
	t.Helper()
	owner := "imagestest-" + preview.NewID()[:8]
	b, err := docker.New(docker.Options{Owner: owner})
	if err != nil {
		t.Fatal(err)
	}
	dockertest.Note(t, owner)
	ctx := t.Context()
	if err := b.Ping(ctx); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no engine: %v", err)
		}
		t.Skipf("no engine: %v", err)
	}
	if err := b.EnsureNetworks(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cleanEngine(t, b) })
	return b
}

// cleanEngine removes what the test made, but for the runtime images, which all share.
func cleanEngine(t *testing.T, b *docker.Backend) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	instances, err := b.List(ctx)
	for _, i := range instances {
		err = errors.Join(err, b.Remove(ctx, i.ID))
	}
	list, listErr := b.Images(ctx)
	err = errors.Join(err, listErr)
	for _, i := range list {
		if i.Labels["previewd.image"] == "runtime" {
			continue
		}
		for _, ref := range append(i.Tags, i.ID) {
			if e := b.RemoveImage(ctx, ref); e != nil && !errors.Is(e, preview.ErrImageInUse) {
				err = errors.Join(err, e)
			}
		}
	}
	// The engine ends a cancelled build's container in its own time.
	until(t, func() bool { return b.RemoveNetworks(ctx) == nil })
	if err := errors.Join(err, b.Close()); err != nil {
		t.Errorf("clean up: %v", err)
	}
}

func realStore(t *testing.T, b images.Engine) *images.Store {
	t.Helper()
	bundle, err := os.ReadFile(machineBundle)
	if err != nil {
		t.Fatal(err)
	}
	scope := preview.NewID() // or it would take what a run left behind that was killed
	return images.New(images.Options{Engine: b, Log: quiet(), CABundle: bundle, Scope: scope, BuildLimits: preview.Limits{}})
}

func quiet() *logrus.Entry {
	l := logrus.New()
	l.SetOutput(io.Discard)
	return logrus.NewEntry(l)
}

// sink collects what a preview's log would show.
type sink struct {
	mu     sync.Mutex
	system []string
	output []string
}

func (s *sink) System(_ preview.Level, format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.system = append(s.system, fmt.Sprintf(format, args...))
}

func (s *sink) Pump(_ context.Context, r preview.LogReader, _ string) error {
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		s.mu.Lock()
		s.output = append(s.output, string(e.Text))
		s.mu.Unlock()
	}
}

func (s *sink) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.system, "\n") + "\n" + strings.Join(s.output, "\n")
}

// run executes a command in an image as the app's user, without a network, and returns its output.
func run(t *testing.T, b *docker.Backend, image string, command ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	id, err := b.Create(ctx, preview.Spec{
		Kind: preview.KindInstall, PreviewID: preview.NewID(), Image: image, Entrypoint: command,
		User: "10001:10001", Network: preview.NetworkNone, Limits: limits,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.Remove(context.WithoutCancel(ctx), id); err != nil {
			t.Error(err)
		}
	}()
	if err := b.Start(ctx, id); err != nil {
		t.Fatal(err)
	}
	ended, err := b.Wait(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	logs, err := b.Logs(ctx, id, preview.LogsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = logs.Close() }()
	var out sink
	if err := out.Pump(ctx, logs, id); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(out.output, "\n")
	if ended.ExitCode != 0 {
		t.Fatalf("%v: exit code %d\n%s", command, ended.ExitCode, text)
	}
	return text
}

func shell(t *testing.T, b *docker.Backend, image, command string) string {
	t.Helper()
	return run(t, b, image, "/bin/sh", "-c", command)
}
