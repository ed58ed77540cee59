// Package dockertest cleans up after tests that were killed. A test that makes things on the real engine notes their
// owner first; the next run removes what owners of processes that are gone have left.
package dockertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"previewd/runtime/docker"
	"previewd/runtime/firewall"
	"previewd/runtime/preview"
)

// keep is how long images outlive the process that made them: those of dependencies save the next runs their installs.
const keep = 48 * time.Hour

// patience bounds a sweep.
const patience = 2 * time.Minute

// Sweep removes what owners of dead processes have left. What it cannot do it says; tests run all the same.
func Sweep() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	dir, err := notes()
	if err == nil {
		err = sweepDead(ctx, dir, time.Now().Add(-keep))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "dockertest: sweep:", err)
	}
}

// Note remembers that this process makes things of an owner's.
func Note(t testing.TB, owner string) {
	t.Helper()
	dir, err := notes()
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, owner), []byte(strconv.Itoa(os.Getpid())), 0o600)
	}
	if err != nil {
		t.Fatalf("dockertest: %v", err)
	}
}

// notes is a folder with a file per owner, which holds the number of the process.
func notes() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "previewd-tests", "owners")
	return dir, os.MkdirAll(dir, 0o700)
}

func sweepDead(ctx context.Context, dir string, before time.Time) error {
	owners, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var failed []error
	for _, owner := range owners {
		note := filepath.Join(dir, owner.Name())
		if lives(note) {
			continue
		}
		clean, err := sweep(ctx, owner.Name(), before)
		if clean && err == nil {
			err = os.Remove(note)
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// lives reports whether the process of a note is there. One that cannot be read is somebody's who has just begun.
func lives(note string) bool {
	text, err := os.ReadFile(note)
	pid, parseErr := strconv.Atoi(string(text))
	return err != nil || parseErr != nil || !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}

// sweep removes an owner's things, of images those made before a time. It reports whether nothing is left.
func sweep(ctx context.Context, owner string, before time.Time) (clean bool, err error) {
	b, err := docker.New(docker.Options{Owner: owner})
	if err != nil {
		return false, err
	}
	defer func() { _ = b.Close() }()
	instances, err := b.List(ctx)
	if err != nil {
		return false, err
	}
	var failed []error
	for _, i := range instances {
		failed = append(failed, b.Remove(ctx, i.ID))
	}
	failed = append(failed, b.RemoveNetworks(ctx), b.RemoveShims(ctx), dropRules(ctx, b))
	clean, err = sweepImages(ctx, b, before)
	return clean, errors.Join(append(failed, err)...)
}

// sweepImages leaves runtime images, which whoever comes next goes on using.
func sweepImages(ctx context.Context, b *docker.Backend, before time.Time) (clean bool, err error) {
	images, err := b.Images(ctx)
	if err != nil {
		return false, err
	}
	clean = true
	var failed []error
	for _, i := range images {
		switch {
		case i.Labels["previewd.image"] == "runtime":
		case i.CreatedAt.After(before):
			clean = false
		default:
			failed = append(failed, remove(ctx, b, i))
		}
	}
	return clean, errors.Join(failed...)
}

func remove(ctx context.Context, b *docker.Backend, i preview.Image) error {
	for _, ref := range append(i.Tags, i.ID) {
		err := b.RemoveImage(ctx, ref)
		if err != nil && !errors.Is(err, preview.ErrImageInUse) {
			return err
		}
	}
	return nil
}

// dropRules removes the rules of bridges that are gone.
func dropRules(ctx context.Context, b *docker.Backend) error {
	var bridges []firewall.Bridge
	for _, n := range []preview.Network{preview.NetworkPreviews, preview.NetworkInstall} {
		bridges = append(bridges, firewall.Bridge{Interface: b.Bridge(n)})
	}
	return firewall.New(firewall.Options{Bridges: bridges}).Remove(ctx)
}
