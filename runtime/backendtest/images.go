package backendtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"previewd/runtime/preview"
)

// build builds a one-file image that is removed after the test.
func (b *bench) build(t *testing.T, dockerfile string) (preview.BuildSpec, string, string, error) {
	t.Helper()
	spec := preview.BuildSpec{
		Tag: "previewd-test-" + preview.NewID() + ":1", Dockerfile: "Dockerfile.test",
		Context: archive("Dockerfile.test", []byte(dockerfile)), Labels: map[string]string{"previewd.test": "yes"},
		Network: preview.NetworkNone, Limits: preview.Limits{MemoryMB: 256, CPUs: 1, DiskMB: 64, OpenFile: 1024},
	}
	b.removeLater(t, spec.Tag)
	var out bytes.Buffer
	id, err := b.Build(b.ctx, spec, &out)
	return spec, id, out.String(), err
}

func (b *bench) removeLater(t *testing.T, ref string) {
	t.Helper()
	t.Cleanup(func() {
		if err := b.RemoveImage(context.Background(), ref); err != nil {
			t.Errorf("remove image: %v", err)
		}
	})
}

func testImages(t *testing.T, b *bench) {
	t.Helper()
	spec, id, out, err := b.build(t, "FROM "+b.image+"\nRUN echo hello-from-build\n")
	must(t, err)
	if !strings.Contains(out, "hello-from-build") {
		t.Errorf("the build said %q", out)
	}
	got, err := b.ImageID(b.ctx, spec.Tag)
	must(t, err)
	if got != id {
		t.Errorf("built %s, found %s", id, got)
	}
	images, err := b.Images(b.ctx)
	must(t, err)
	at := slices.IndexFunc(images, func(i preview.Image) bool { return i.ID == id })
	if at < 0 {
		t.Fatalf("not listed among %+v", images)
	}
	if i := images[at]; !slices.Contains(i.Tags, spec.Tag) || i.Labels["previewd.test"] != "yes" || i.Bytes == 0 || i.CreatedAt.IsZero() {
		t.Errorf("listed as %+v", i)
	}
	if slices.ContainsFunc(images, func(i preview.Image) bool { return slices.Contains(i.Tags, b.image) }) {
		t.Error("an image that is not ours is listed")
	}
	must(t, b.RemoveImage(b.ctx, spec.Tag))
	must(t, b.RemoveImage(b.ctx, spec.Tag))
	_, err = b.ImageID(b.ctx, spec.Tag)
	wantError(t, err, preview.ErrImageNotFound)
}

func testBuildFails(t *testing.T, b *bench) {
	t.Helper()
	_, _, out, err := b.build(t, "FROM "+b.image+"\nRUN echo last-words && exit 3\n") // one step: it is never cached
	var failed *preview.BuildError
	if !errors.As(err, &failed) {
		t.Fatalf("got %v, want a build error", err)
	}
	if !strings.Contains(failed.Message, "3") || !slices.Contains(failed.Lines, "last-words") || !strings.Contains(out, "last-words") {
		t.Errorf("the build error is %+v, the output %q", failed, out)
	}
}

func testCommit(t *testing.T, b *bench) {
	t.Helper()
	before, err := b.ImageConfig(b.ctx, b.image)
	must(t, err)
	spec := b.spec("exit", "0")
	spec.Kind, spec.Env = preview.KindInstall, map[string]string{"SECRET": "hidden"}
	id := b.create(t, spec)
	must(t, b.Start(b.ctx, id))
	_, err = b.Wait(b.ctx, id)
	must(t, err)
	tag := "previewd-test-" + preview.NewID() + ":1"
	b.removeLater(t, tag)
	image, err := b.Commit(b.ctx, id, preview.CommitSpec{Tag: tag, Labels: map[string]string{"previewd.test": "deps"}})
	must(t, err)
	if got, err := b.ImageID(b.ctx, tag); err != nil || got != image {
		t.Errorf("committed %s, found %s, %v", image, got, err)
	}
	after, err := b.ImageConfig(b.ctx, tag)
	must(t, err)
	if slices.Contains(after.Command, "/app/program.pl") || slices.Contains(after.Entrypoint, "perl") || after.User == spec.User || after.WorkDir == "/app" {
		t.Errorf("the image starts like the instance: %+v (before %+v)", after, before)
	}
	if _, leaked := after.Env["SECRET"]; leaked {
		t.Errorf("the image keeps the instance's environment: %+v", after)
	}
	b.checkCommitted(t, tag)
}

// checkCommitted runs an instance on a committed image.
func (b *bench) checkCommitted(t *testing.T, tag string) {
	t.Helper()
	spec := b.spec("env", "SECRET")
	spec.Image, spec.Files = tag, nil
	id := b.create(t, spec)
	must(t, b.Start(b.ctx, id))
	if lines := b.output(t, id); len(lines) != 1 || string(lines[0].Text) != "SECRET=unset" {
		t.Errorf("on the committed image: %q", texts(lines))
	}
	must(t, b.Remove(b.ctx, id))
}

func testImageInUse(t *testing.T, b *bench) {
	t.Helper()
	tagged, _, _, err := b.build(t, "FROM "+b.image+"\nRUN echo used\n")
	must(t, err)
	spec := b.spec("sleep")
	spec.Image = tagged.Tag
	id := b.create(t, spec)
	must(t, b.Start(b.ctx, id))
	wantError(t, b.RemoveImage(b.ctx, tagged.Tag), preview.ErrImageInUse)
	must(t, b.Remove(b.ctx, id))
	must(t, b.RemoveImage(b.ctx, tagged.Tag))
}

func testUnknownImage(t *testing.T, b *bench) {
	t.Helper()
	const ref = "previewd-no-such-image:none"
	_, err := b.ImageID(b.ctx, ref)
	wantError(t, err, preview.ErrImageNotFound)
	_, err = b.ImageConfig(b.ctx, ref)
	wantError(t, err, preview.ErrImageNotFound)
	if err := b.Pull(b.ctx, "127.0.0.1:1/previewd/no-such-image:none", io.Discard); err == nil {
		t.Error("pulled an image from nowhere")
	}
}
