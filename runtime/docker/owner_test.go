package docker

import (
	"archive/tar"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/docker/docker/api/types/network"

	"previewd/runtime/preview"
)

// TestOwnersAreApart: what carries another owner's label is neither seen nor touched.
func TestOwnersAreApart(t *testing.T) {
	ours, theirs := testBackend(t, Options{}), testBackend(t, Options{})
	if err := theirs.EnsureNetworks(t.Context()); err != nil {
		t.Fatal(err)
	}
	id, err := theirs.Create(t.Context(), perl("sleep 60"))
	if err != nil {
		t.Fatal(err)
	}
	if err := theirs.Start(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if err := ours.Stop(t.Context(), id, 0); !errors.Is(err, preview.ErrInstanceNotFound) {
		t.Errorf("stop: %v", err)
	}
	if _, err := ours.Inspect(t.Context(), id); !errors.Is(err, preview.ErrInstanceNotFound) {
		t.Errorf("inspect: %v", err)
	}
	if _, err := ours.Commit(t.Context(), id, preview.CommitSpec{Tag: "previewd-theirs:1"}); !errors.Is(err, preview.ErrInstanceNotFound) {
		t.Errorf("commit: %v", err)
	}
	if list, err := ours.List(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("list: %v, %v", list, err)
	}
	if err := errors.Join(ours.Remove(t.Context(), id), ours.RemoveNetworks(t.Context())); err != nil {
		t.Errorf("remove: %v", err)
	}
	if i, err := theirs.Inspect(t.Context(), id); err != nil || i.State != preview.InstanceRunning {
		t.Errorf("it is %v: %v", i.State, err)
	}
	if ok, err := theirs.haveNetwork(t.Context(), theirs.NetworkName(preview.NetworkPreviews)); !ok {
		t.Errorf("their network is gone: %v", err)
	}
	if err := ours.RemoveImage(t.Context(), testImage); err == nil {
		t.Error("an image that is not ours was removed")
	}
}

func TestEnsureNetworksConcurrently(t *testing.T) {
	b := testBackend(t, Options{})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := b.EnsureNetworks(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	found, err := b.api.NetworkList(t.Context(), network.ListOptions{Filters: b.ownFilter()})
	if err != nil || len(found) != 2 {
		t.Fatalf("networks %+v, %v", found, err)
	}
	for _, n := range found {
		if n.EnableIPv6 || n.Internal || n.Options["com.docker.network.bridge.enable_icc"] != "false" || n.Options["com.docker.network.bridge.name"] == "" {
			t.Errorf("network %+v", n)
		}
	}
	if err := errors.Join(b.RemoveNetworks(t.Context()), b.RemoveNetworks(t.Context())); err != nil {
		t.Error(err)
	}
}

func TestNetworkOfAnother(t *testing.T) {
	b := testBackend(t, Options{})
	name := b.NetworkName(preview.NetworkPreviews)
	if _, err := b.api.NetworkCreate(t.Context(), name, network.CreateOptions{Driver: "bridge"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.api.NetworkRemove(t.Context(), name) })
	defer func() { _ = b.api.NetworkRemove(t.Context(), name) }()
	if err := b.EnsureNetworks(t.Context()); err == nil || !strings.Contains(err.Error(), "not ours") {
		t.Errorf("got %v", err)
	}
}

// TestNetworksPruned: the engine's own clean-up removes networks that nobody stands on.
func TestNetworksPruned(t *testing.T) {
	b := testBackend(t, Options{})
	id, err := b.Create(t.Context(), perl(`print "runs\n"`))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Start(t.Context(), id); err != nil {
		t.Fatalf("start without networks: %v", err)
	}
	if _, err := b.Wait(t.Context(), id); err != nil {
		t.Fatal(err)
	}
}

func TestImageThatListensToNobody(t *testing.T) {
	b := testBackend(t, Options{})
	spec := perl(`print -p STDIN ? "open\n" : "closed\n"`)
	if lines, _ := run(t, b, spec); !slices.Equal(lines, []string{"open"}) {
		t.Errorf("a preview's stdin is %q", lines)
	}
	spec = perl(`print defined(<STDIN>) ? "open\n" : "closed\n"`)
	spec.Kind, spec.Network = preview.KindInstall, preview.NetworkInstall
	if lines, _ := run(t, b, spec); !slices.Equal(lines, []string{"closed"}) {
		t.Errorf("an install's stdin is %q", lines)
	}
}

// TestBuildIsLimited looks from inside a build step.
func TestBuildIsLimited(t *testing.T) {
	b := testBackend(t, Options{})
	if err := b.EnsureNetworks(t.Context()); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	_, err := b.Build(t.Context(), preview.BuildSpec{
		Tag: "previewd-limited-" + randomHex() + ":1", Dockerfile: "Dockerfile", Args: map[string]string{"WORD": "from-args"}, Target: "first",
		Network: preview.NetworkInstall, Limits: preview.Limits{MemoryMB: 96, CPUs: 0.5, DiskMB: 8, OpenFile: 123},
		Context: tarOf(&tar.Header{Name: "Dockerfile", Mode: 0o644}, `FROM `+testImage+` AS first
ARG WORD
RUN echo "$WORD files=$(ulimit -n) fsize=$(ulimit -f) memory=$(cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null) route=$(wc -l < /proc/net/route)"
FROM first AS second
RUN exit 1
`),
	}, &out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"from-args", "files=123", "fsize=16384", "memory=100663296", "route=3"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in %s", want, out.String())
		}
	}
}

func TestCommitWhileRunning(t *testing.T) {
	b := testBackend(t, Options{})
	if err := b.EnsureNetworks(t.Context()); err != nil {
		t.Fatal(err)
	}
	id, err := b.Create(t.Context(), perl(`sleep 100`))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Start(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Commit(t.Context(), id, preview.CommitSpec{Tag: "previewd-running-" + randomHex() + ":1"}); err != nil {
		t.Fatal(err)
	}
	images, err := b.Images(t.Context())
	if err != nil || len(images) != 1 {
		t.Fatalf("images %+v, %v", images, err)
	}
	if l := images[0].Labels; l[LabelKind] != "" || l[LabelPreview] != "" || l[LabelOwner] != b.o.Owner {
		t.Errorf("the image is labelled %v", l)
	}
	if _, err := b.Build(t.Context(), preview.BuildSpec{Tag: "x", Context: strings.NewReader("no tar")}, io.Discard); err == nil {
		t.Error("built from nonsense")
	}
}
