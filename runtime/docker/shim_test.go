package docker

import (
	"archive/tar"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/volume"

	"previewd/runtime/preview"
	"previewd/runtime/shim"
)

// shimmed is a spec that runs through the shim.
func shimmed(script string) preview.Spec {
	spec := perl(script)
	spec.Shim, spec.Entrypoint = true, []string{shim.Binary}
	return spec
}

func TestShim(t *testing.T) {
	b := testBackend(t, Options{ShimFiles: testShim, ShimDigest: "one", CABundle: []byte("certificate\n")})
	spec := shimmed(`
		open my $f, '<', $ENV{SSL_CERT_FILE} or die; print <$f>;
		print "$ENV{PIP_CERT}\n";
		for my $p ('` + shim.Binary + `', '` + shim.Dir + `/new') { print "writes $p\n" if open my $w, '>', $p }`)
	spec.Env = map[string]string{"PIP_CERT": "own"}
	lines, _ := run(t, b, spec)
	if want := []string{"shim runs", "certificate", "own"}; !slices.Equal(lines, want) {
		t.Errorf("got %q, want %q", lines, want)
	}
}

func TestShimFilledOnce(t *testing.T) {
	var opened atomic.Int32
	files := func() (io.Reader, error) {
		opened.Add(1)
		return testShim()
	}
	b := testBackend(t, Options{ShimFiles: files, ShimDigest: "once"})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := b.EnsureShim(t.Context()); err != nil {
				t.Errorf("ensure: %v", err)
			}
		})
	}
	all.Wait()
	again, err := New(b.o) // as after a restart of previewd
	if err != nil {
		t.Fatal(err)
	}
	if err := again.EnsureShim(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("filled %d times", n)
	}
	left, err := b.api.ContainerList(t.Context(), container.ListOptions{All: true, Filters: b.ownFilter()})
	if err != nil || len(left) != 0 {
		t.Errorf("helpers left behind: %v, %v", left, err)
	}
}

func TestShimHalfFilled(t *testing.T) {
	broken := errors.New("killed half-way")
	half := func() (io.Reader, error) {
		whole, _ := testShim()
		return io.MultiReader(io.LimitReader(whole, 600), iotestError{broken}), nil
	}
	o := Options{ShimFiles: half, ShimDigest: "half"}
	b := testBackend(t, o)
	if err := b.EnsureShim(t.Context()); err == nil {
		t.Fatal("half a shim was accepted")
	}
	b.o.ShimFiles = testShim
	if lines, _ := run(t, b, shimmed(`print "works\n"`)); !slices.Equal(lines, []string{"shim runs", "works"}) {
		t.Errorf("after the repair: %q", lines)
	}
}

type iotestError struct{ err error }

func (e iotestError) Read([]byte) (int, error) { return 0, e.err }

func TestShimPruned(t *testing.T) {
	b := testBackend(t, Options{ShimFiles: testShim, ShimDigest: "pruned"})
	if err := b.EnsureNetworks(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := b.EnsureShim(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(b.api.VolumeRemove(t.Context(), b.shimName(), true), b.RemoveNetworks(t.Context())); err != nil {
		t.Fatal(err)
	}
	if lines, _ := run(t, b, shimmed(`print "works\n"`)); !slices.Equal(lines, []string{"shim runs", "works"}) {
		t.Errorf("after the prune: %q", lines)
	}
}

func TestRemoveShims(t *testing.T) {
	b := testBackend(t, Options{ShimFiles: testShim, ShimDigest: "gone"})
	if err := b.EnsureShim(t.Context()); err != nil {
		t.Fatal(err)
	}
	id, err := b.Create(t.Context(), shimmed(""))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.RemoveShims(t.Context()); err == nil {
		t.Error("a volume in use was removed")
	}
	if err := b.Remove(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if err := b.RemoveShims(t.Context()); err != nil {
		t.Fatal(err)
	}
	left, err := b.api.VolumeList(t.Context(), volume.ListOptions{Filters: filters.NewArgs(filters.Arg("name", b.shimName()))})
	if err != nil || len(left.Volumes) != 0 {
		t.Errorf("left %v, %v", left.Volumes, err)
	}
	if _, err := b.api.ImageInspect(t.Context(), b.emptyName()); !cerrdefs.IsNotFound(err) {
		t.Errorf("the image without files is left: %v", err)
	}
}

func TestRemoveOldShims(t *testing.T) {
	b := testBackend(t, Options{ShimFiles: testShim, ShimDigest: "old, in use"})
	names := []string{b.shimName()}
	if _, err := b.Create(t.Context(), shimmed("")); err != nil {
		t.Fatal(err)
	}
	for _, digest := range []string{"old", "current"} {
		next, err := New(Options{Owner: b.o.Owner, ShimFiles: testShim, ShimDigest: digest})
		if err != nil {
			t.Fatal(err)
		}
		if err := next.EnsureShim(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := next.RemoveOldShims(t.Context()); err != nil {
			t.Fatal(err)
		}
		names = append(names, next.shimName())
	}
	found, err := b.api.VolumeList(t.Context(), volume.ListOptions{Filters: b.ownFilter()})
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, v := range found.Volumes {
		left = append(left, v.Name)
	}
	if len(left) != 2 || !slices.Contains(left, names[0]) || !slices.Contains(left, names[2]) {
		t.Errorf("left %q of %q", left, names)
	}
}

func TestShimErrors(t *testing.T) {
	b := testBackend(t, Options{})
	if _, err := b.Create(t.Context(), shimmed("")); err == nil || !strings.Contains(err.Error(), "no shim") {
		t.Errorf("without a shim: %v", err)
	}
	b.o.ShimDigest = "x"
	b.o.ShimFiles = func() (io.Reader, error) { return nil, io.ErrNoProgress }
	if err := b.EnsureShim(t.Context()); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("files that cannot be opened: %v", err)
	}
	b.shim.turn <- struct{}{} // somebody else is at it
	ctx, cancel := contextWithCancel(t)
	cancel()
	if err := b.EnsureShim(ctx); !errors.Is(err, ctx.Err()) {
		t.Errorf("cancelled while waiting: %v", err)
	}
	<-b.shim.turn
}

func TestShimOwnedByRoot(t *testing.T) {
	files := func() (io.Reader, error) {
		return tarOf(&tar.Header{Name: "shim", Mode: 0o6777, Uid: 10001, Gid: 10001}, "#!/bin/sh\nexec \"$@\"\n"), nil
	}
	b := testBackend(t, Options{ShimFiles: files, ShimDigest: "owned"})
	lines, _ := run(t, b, shimmed(`my @s = stat('`+shim.Binary+`'); printf "%o %d %d\n", $s[2], $s[4], $s[5]`))
	if !slices.Equal(lines, []string{"100755 0 0"}) {
		t.Errorf("the shim is %q", lines)
	}
}
