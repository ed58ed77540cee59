package dockertest

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"previewd/runtime/docker"
	"previewd/runtime/preview"
)

const testImage = "debian:trixie-slim"

// owned is an owner with a network and an instance on it, and a note of the process that made them.
func owned(t *testing.T, dir string, pid int) *docker.Backend {
	t.Helper()
	owner := "previewdtest-" + strconv.Itoa(os.Getpid()) + "-" + preview.NewID()[:8]
	b, err := docker.New(docker.Options{Owner: owner})
	if err == nil {
		_, err = b.ImageID(t.Context(), testImage)
	}
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("no Docker engine with %s: %v", testImage, err)
	default:
		t.Skipf("no Docker engine with %s: %v", testImage, err)
	}
	t.Cleanup(func() {
		if _, err := sweep(context.Background(), owner, time.Now().Add(time.Hour)); err != nil {
			t.Error(err)
		}
		_ = b.Close()
	})
	if err := b.EnsureNetworks(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Create(t.Context(), preview.Spec{Kind: preview.KindInstall, Image: testImage, Command: []string{"true"}, Network: preview.NetworkInstall}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, owner), []byte(strconv.Itoa(pid)), 0o600); err != nil {
		t.Fatal(err)
	}
	return b
}

// left counts an owner's instances and networks.
func left(t *testing.T, b *docker.Backend) int {
	t.Helper()
	list, err := b.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := len(list)
	for _, n := range []preview.Network{preview.NetworkPreviews, preview.NetworkInstall} {
		if _, err := os.Stat("/sys/class/net/" + b.Bridge(n)); !errors.Is(err, fs.ErrNotExist) {
			found++
		}
	}
	return found
}

func TestSweepDead(t *testing.T) {
	ended := exec.Command("true")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	dead, alive := owned(t, dir, ended.Process.Pid), owned(t, dir, os.Getpid())
	image := "previewd-dockertest:" + strings.ToLower(preview.NewID()[:8])
	list, err := dead.List(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if _, err := dead.Commit(t.Context(), list[0].ID, preview.CommitSpec{Tag: image}); err != nil {
		t.Fatal(err)
	}

	if err := sweepDead(t.Context(), dir, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if n := left(t, dead); n != 0 {
		t.Errorf("%d things of a dead process are left", n)
	}
	if n := left(t, alive); n != 3 {
		t.Errorf("%d of 3 things of a process that lives", n)
	}
	if _, err := dead.ImageID(t.Context(), image); err != nil {
		t.Errorf("an image of the last hour: %v", err)
	}

	if err := sweepDead(t.Context(), dir, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := dead.ImageID(t.Context(), image); !errors.Is(err, preview.ErrImageNotFound) {
		t.Errorf("an image past its time: %v", err)
	}
	if notes, err := os.ReadDir(dir); err != nil || len(notes) != 1 {
		t.Errorf("%d notes are left, not the living one's alone: %v", len(notes), err)
	}
}
