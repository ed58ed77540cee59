package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/docker"
	"previewd/runtime/firewall"
	"previewd/runtime/images"
	"previewd/runtime/shim"
	"previewd/server/config"
	"previewd/storage"
	"previewd/storage/storagetest"
)

// bare is an App that was not started, on an engine at this address, "" being the one there is.
func bare(t *testing.T, engine, base string) *App {
	t.Helper()
	logger, _ := logtest.NewNullLogger()
	a := New(Options{Config: config.Config{DataDir: t.TempDir(), DatabaseURL: "postgres://elsewhere"}, Log: logrus.NewEntry(logger)})
	store, err := storage.Open(t.Context(), storagetest.URL(t), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a.store = store
	t.Cleanup(func() { _ = store.Close() })
	digest, err := shim.Digest()
	if err != nil {
		t.Fatal(err)
	}
	owner := strings.ToLower(strings.ReplaceAll(t.Name(), "/", "-")) + fmt.Sprint(os.Getpid())
	a.engine, err = docker.New(docker.Options{Owner: owner, Host: engine, ShimFiles: shimFiles, ShimDigest: digest})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.engine.Close() })
	a.firewall = firewall.New(firewall.Options{})
	a.images = images.New(images.Options{Engine: a.engine, Log: a.Log, Base: base, StateFile: filepath.Join(t.TempDir(), "images.json")})
	return a
}

// said is what the checks tell: failures and what is missing, by name, with a hint each.
func said(t *testing.T, a *App) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, c := range a.checks() {
		if c.Hint == "" || !strings.HasSuffix(c.Hint, ".") {
			t.Errorf("%s has no hint", c.Name)
		}
		detail, err := c.Run(t.Context())
		switch {
		case err == nil:
			continue
		case c.Optional:
			all[c.Name] = "degraded: " + detail
		default:
			all[c.Name] = "failed: " + detail
		}
		if detail == "" {
			t.Errorf("%s does not say what is missing: %v", c.Name, err)
		}
	}
	return all
}

func wantSaid(t *testing.T, a *App, want map[string]string) {
	t.Helper()
	got := said(t, a)
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s: got %q, want %q", name, got[name], text)
		}
		delete(got, name)
	}
	if len(got) > 0 {
		t.Errorf("and %v", got)
	}
}

const open = "degraded: previews are not kept from private networks: not applied yet"

func TestReadinessTellsWhatIsMissing(t *testing.T) {
	t.Run("on the engine", func(t *testing.T) {
		a := bare(t, "", "previewd-tests/nowhere:none")
		wantSaid(t, a, map[string]string{
			"firewall": open,
			"images":   "degraded: the base image previewd-tests/nowhere:none is not on this machine",
			"shim":     "degraded: the volume with process 1 of the previews is gone",
		})
		t.Cleanup(func() { _ = a.engine.RemoveShims(context.Background()) })
		if err := a.engine.EnsureShim(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := said(t, a)["shim"]; got != "" {
			t.Error(got)
		}
		if err := a.engine.RemoveShims(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("the engine", func(t *testing.T) {
		const unknown = "degraded: not known while the engine cannot be reached"
		wantSaid(t, bare(t, "unix:///nowhere/docker.sock", ""), map[string]string{
			"engine": "failed: cannot be reached", "firewall": open, "images": unknown, "shim": unknown,
		})
	})
	t.Run("the database", func(t *testing.T) {
		a := bare(t, "", images.DefaultBase)
		if err := a.store.Close(); err != nil {
			t.Fatal(err)
		}
		if got := said(t, a)["database"]; got != "failed: cannot be reached" {
			t.Error(got)
		}
	})
	t.Run("the data folder", func(t *testing.T) {
		a := bare(t, "", images.DefaultBase)
		if err := os.RemoveAll(a.Config.DataDir); err != nil {
			t.Fatal(err)
		}
		if got := said(t, a)["data_dir"]; got != "degraded: the folder is gone" {
			t.Error(got)
		}
		a.Config.DatabaseURL = "" // it stands there
		if got := said(t, a)["data_dir"]; got != "failed: the folder is gone" {
			t.Error(got)
		}
	})
	t.Run("room", func(t *testing.T) {
		a := bare(t, "", images.DefaultBase)
		a.scarce = math.MaxUint64
		if got := said(t, a)["disk"]; !strings.HasPrefix(got, "degraded: the disk of the data folder has ") {
			t.Error(got)
		}
		a.Config.DataDir, a.engineDir = "/nowhere", t.TempDir()
		if got := said(t, a)["disk"]; !strings.HasPrefix(got, "degraded: the disk of the engine has ") {
			t.Error(got)
		}
	})
}

func TestWhyNothingCanBeWritten(t *testing.T) {
	for want, err := range map[string]error{
		"":                             nil,
		"the disk is full":             &fs.PathError{Op: "write", Err: syscall.ENOSPC},
		"the disk can only be read":    &fs.PathError{Op: "open", Err: syscall.EROFS},
		"previewd may not write there": &fs.PathError{Op: "open", Err: syscall.EACCES},
		"the folder is gone":           &fs.PathError{Op: "open", Err: syscall.ENOENT},
		"nothing can be written there": errors.New("anything else"),
	} {
		if got := writeFault(err); got != want {
			t.Errorf("%v: got %q, want %q", err, got, want)
		}
	}
	dir := t.TempDir()
	if err := tryWriting(dir); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Error(left, err)
	}
}
