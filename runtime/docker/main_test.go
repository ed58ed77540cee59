package docker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/docker/api/types/volume"
	"github.com/docker/docker/client"
)

const (
	testImage   = "debian:trixie-slim"
	ownerPrefix = "previewdtest-"
)

// TestMain sweeps what tests that were killed left behind.
func TestMain(m *testing.M) {
	if err := sweepDead(); err != nil {
		fmt.Fprintln(os.Stderr, "sweep:", err)
	}
	m.Run()
}

// requireEngine fails in CI and skips elsewhere when there is no engine with the test's image.
func requireEngine(t *testing.T) {
	t.Helper()
	b, err := New(Options{Owner: "probe"})
	if err == nil {
		_, err = b.ImageID(t.Context(), testImage)
	}
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("these tests need a Docker engine with %s: %v", testImage, err)
	default:
		t.Skipf("no Docker engine with %s: %v", testImage, err)
	}
}

// testBackend returns a backend with an owner of its own, whose every trace is removed after the test.
func testBackend(t *testing.T, o Options) *Backend {
	t.Helper()
	requireEngine(t)
	if o.Owner == "" {
		o.Owner = fmt.Sprintf("%s%d-%s", ownerPrefix, os.Getpid(), randomHex())
	}
	b, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := sweep(ctx, b.api, b.o.Owner); err != nil {
			t.Errorf("clean up: %v", err)
		}
		if err := b.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return b
}

// sweepDead removes everything of test owners whose process is gone.
func sweepDead() error {
	api, err := client.NewClientWithOpts(client.FromEnv, client.WithAPIVersionNegotiation())
	if err != nil {
		return err
	}
	defer func() { _ = api.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var failed []error
	for _, owner := range owners(ctx, api) {
		pid, _ := strconv.Atoi(strings.SplitN(strings.TrimPrefix(owner, ownerPrefix), "-", 2)[0])
		if strings.HasPrefix(owner, ownerPrefix) && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			failed = append(failed, sweep(ctx, api, owner))
		}
	}
	return errors.Join(failed...)
}

func owners(ctx context.Context, api *client.Client) []string {
	labelled := filters.NewArgs(filters.Arg("label", LabelOwner))
	set := make(map[string]bool)
	containers, _ := api.ContainerList(ctx, container.ListOptions{All: true, Filters: labelled})
	for _, c := range containers {
		set[c.Labels[LabelOwner]] = true
	}
	networks, _ := api.NetworkList(ctx, network.ListOptions{Filters: labelled})
	for _, n := range networks {
		set[n.Labels[LabelOwner]] = true
	}
	images, _ := api.ImageList(ctx, image.ListOptions{Filters: labelled})
	for _, i := range images {
		set[i.Labels[LabelOwner]] = true
	}
	volumes, _ := api.VolumeList(ctx, volume.ListOptions{Filters: labelled})
	for _, v := range volumes.Volumes {
		set[v.Labels[LabelOwner]] = true
	}
	list := make([]string, 0, len(set))
	for owner := range set {
		list = append(list, owner)
	}
	return list
}

// sweep removes everything that carries an owner's label.
func sweep(ctx context.Context, api *client.Client, owner string) error {
	b := &Backend{o: Options{Owner: owner}, api: api}
	instances, err := b.List(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, i := range instances {
		failed = append(failed, b.Remove(ctx, i.ID))
	}
	images, err := b.Images(ctx)
	failed = append(failed, err, b.RemoveNetworks(ctx), b.RemoveShims(ctx))
	for _, i := range images {
		_, err := api.ImageRemove(ctx, i.ID, image.RemoveOptions{Force: true, PruneChildren: true})
		if err != nil && !cerrdefs.IsNotFound(err) {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}
