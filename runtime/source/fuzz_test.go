package source

import (
	"archive/tar"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

var fuzzLimits = Limits{Bytes: 1 << 16, Files: 50}

// checkTree holds whatever a reader made of its input against what every tree promises.
func checkTree(t *testing.T, tree *Tree, err error) {
	t.Helper()
	var own *Error
	switch {
	case err != nil && !errors.As(err, &own):
		t.Fatalf("error %v (%T), want an *Error", err, err)
	case err != nil:
		return
	}
	if tree.Bytes() > fuzzLimits.Bytes || len(tree.Files()) > fuzzLimits.Files {
		t.Fatalf("%d bytes in %d files", tree.Bytes(), len(tree.Files()))
	}
	for _, e := range tree.sorted {
		if !filepath.IsLocal(e.path) || strings.ContainsAny(e.path, "\\\x00\n") {
			t.Fatalf("path %q", e.path)
		}
	}
	if err := fstest.TestFS(tree.FS()); err != nil && len(tree.sorted) == 0 {
		t.Fatal(err)
	}
	archive, err := tree.Archive()
	if err != nil {
		t.Fatal(err)
	}
	again, err := FromArchive(archive)
	if err != nil || again.Digest() != tree.Digest() {
		t.Fatalf("packed and opened again it differs: %v", err)
	}
}

func FuzzFromTarGz(f *testing.F) {
	for _, c := range hostile {
		f.Add(makeTarForSeed(f, c.items))
	}
	f.Add(makeTarForSeed(f, sample))
	f.Fuzz(func(t *testing.T, flat []byte) {
		// Fuzzing the tar inside finds more than fuzzing deflate, which its own checksum guards.
		tree, err := FromTarGz(bytes.NewReader(gzipped(t, flat)), fuzzLimits)
		checkTree(t, tree, err)
		_, err = FromTarGz(bytes.NewReader(flat), fuzzLimits)
		checkTree(t, newTree(nil), err)
	})
}

func FuzzFromZip(f *testing.F) {
	for _, c := range hostile {
		if !c.tarOnly {
			f.Add(makeZip(f, c.items...))
		}
	}
	f.Add(makeZip(f, sample...))
	f.Fuzz(func(t *testing.T, data []byte) {
		tree, err := FromZip(data, fuzzLimits)
		checkTree(t, tree, err)
	})
}

func makeTarForSeed(f *testing.F, items []item) []byte {
	f.Helper()
	return makeTar(f, items...)
}

// A tree unpacked by the system's tar stays inside its folder, links included.
func TestUnpackedTreeStaysInside(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	var buf bytes.Buffer
	if err := sampleTree(t).Tar(&buf, nil); err != nil {
		t.Fatal(err)
	}
	for tr := tar.NewReader(&buf); ; {
		h, err := tr.Next()
		if err != nil {
			break
		}
		switch h.Typeflag {
		case tar.TypeDir:
			err = root.MkdirAll(strings.TrimSuffix(h.Name, "/"), 0o755)
		case tar.TypeSymlink:
			err = root.Symlink(h.Linkname, h.Name)
		default:
			err = root.WriteFile(h.Name, nil, 0o644)
		}
		if err != nil {
			t.Error(err)
		}
	}
	for _, link := range []string{"src/link", "src/app/up", "src/app/folder"} {
		if _, err := root.Stat(link); err != nil { // os.Root refuses what leads out
			t.Error(err)
		}
	}
}
