package docker

import (
	"archive/tar"
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"previewd/runtime/preview"
)

func contextWithCancel(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithCancel(t.Context())
}

func TestUploadRefuses(t *testing.T) {
	for name, entries := range map[string][]*tar.Header{
		"absolute":          {{Name: "/etc/passwd", Typeflag: tar.TypeReg}},
		"parent":            {{Name: "../etc/passwd", Typeflag: tar.TypeReg}},
		"parent inside":     {{Name: "a/../../etc/passwd", Typeflag: tar.TypeReg}},
		"parent alone":      {{Name: "..", Typeflag: tar.TypeDir}},
		"zero byte":         {{Name: "a\x00b", Typeflag: tar.TypeReg, Format: tar.FormatGNU}},
		"behind a link":     {{Name: "l", Linkname: "/etc", Typeflag: tar.TypeSymlink}, {Name: "l/passwd", Typeflag: tar.TypeReg}},
		"hard link outside": {{Name: "h", Linkname: "../../etc/shadow", Typeflag: tar.TypeLink}},
		"device":            {{Name: "d", Typeflag: tar.TypeBlock}},
		"fifo":              {{Name: "f", Typeflag: tar.TypeFifo}},
	} {
		t.Run(name, func(t *testing.T) {
			out := tar.NewWriter(io.Discard)
			if err := writeUpload(out, preview.Upload{Dir: "/app", Tar: rawTar(t, entries...)}, nil); err == nil {
				t.Error("accepted")
			}
		})
	}
	if err := writeUpload(tar.NewWriter(io.Discard), preview.Upload{Dir: "/"}, nil); err == nil {
		t.Error("the root folder was accepted")
	}
}

// rawTar writes headers as they are. A name with a zero byte cannot be written, and ends what the reader sees.
func rawTar(t *testing.T, entries ...*tar.Header) io.Reader {
	t.Helper()
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	for _, h := range entries {
		if err := w.WriteHeader(h); err != nil {
			return io.MultiReader(&buf, strings.NewReader("no archive"))
		}
	}
	return &buf
}

func TestUploadRelocates(t *testing.T) {
	in := rawTar(t,
		&tar.Header{Name: "pax", Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"comment": "x"}},
		&tar.Header{Name: "./run", Typeflag: tar.TypeReg, Mode: 0o6755, Uid: 0, PAXRecords: map[string]string{"SCHILY.xattr.security.capability": "x"}},
		&tar.Header{Name: "a/b/c.txt", Typeflag: tar.TypeReg, Mode: 0o644},
		&tar.Header{Name: "a/", Typeflag: tar.TypeDir, Mode: 0o777},
		&tar.Header{Name: "link", Linkname: "a/b", Typeflag: tar.TypeSymlink},
		&tar.Header{Name: "hard", Linkname: "run", Typeflag: tar.TypeLink},
	)
	var buf bytes.Buffer
	if err := writeUploads(&buf, []preview.Upload{{Dir: "/srv/app/", UID: 7, GID: 8, Tar: in}}, map[string]bool{"/srv": true}); err != nil {
		t.Fatal(err)
	}
	var got []string
	for r := tar.NewReader(&buf); ; {
		h, err := r.Next()
		if err != nil {
			break
		}
		if h.Uid != 7 || h.Gid != 8 || h.Mode&^0o777 != 0 || len(h.PAXRecords) != 0 {
			t.Errorf("header %+v", h)
		}
		got = append(got, strings.TrimSpace(h.Name+" "+h.Linkname))
	}
	want := []string{"srv", "srv/app", "srv/app/run", "srv/app/a", "srv/app/a/b", "srv/app/a/b/c.txt", "srv/app/link a/b", "srv/app/hard srv/app/run"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestUploadOwners looks at what the engine made of it, in folders that the image has and that it lacks.
func TestUploadOwners(t *testing.T) {
	b := testBackend(t, Options{})
	spec := perl(`
		sub show { my @s = stat($_[0]) or return print "$_[0] missing\n"; printf "%s %o %d:%d\n", $_[0], $s[2] & 07777, $s[4], $s[5] }
		show($_) for qw(/app /app/hostile.pl /srv /srv/deep /srv/deep/er /srv/deep/er/x /srv/deep/er/x/y.txt /tmp);`)
	spec.Files = append(spec.Files, preview.Upload{
		Dir: "/srv/deep/er", UID: 10001, GID: 10001, Tar: tarOf(&tar.Header{Name: "x/y.txt", Mode: 0o600}, "y"),
	}, preview.Upload{Dir: "/tmp/inside", UID: 10001, GID: 10001})
	lines, _ := run(t, b, spec)
	want := []string{
		"/app 755 10001:10001", "/app/hostile.pl 644 10001:10001", "/srv 755 0:0", "/srv/deep 755 10001:10001",
		"/srv/deep/er 755 10001:10001", "/srv/deep/er/x 755 10001:10001", "/srv/deep/er/x/y.txt 600 10001:10001", "/tmp 1777 0:0",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got  %q\nwant %q", lines, want)
	}
}

func TestUploadTooShort(t *testing.T) {
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	_ = w.WriteHeader(&tar.Header{Name: "cut", Size: 5000, Mode: 0o644})
	err := writeUpload(tar.NewWriter(io.Discard), preview.Upload{Dir: "/app", Tar: &buf}, nil)
	if err == nil || !strings.Contains(err.Error(), "cut") {
		t.Errorf("a file that breaks off: %v", err)
	}
}
