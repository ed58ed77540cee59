package source

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"previewd/runtime/preview"
)

// sample is a small project with everything a tree can hold.
var sample = []item{
	{name: "./", kind: tar.TypeDir},
	{name: "./b.txt", body: "bee", mode: 0o666},
	{name: "run.sh", body: "#!/bin/sh\n", mode: 0o4777},
	{name: "src//app/main.py", body: "print(1)\n"},
	{name: "src/", kind: tar.TypeDir},
	{name: "src", kind: tar.TypeDir},
	{name: "src-x", body: ""},
	{name: "empty/", kind: tar.TypeDir},
	{name: "src/link", link: "./app/main.py", kind: tar.TypeSymlink},
	{name: "src/app/up", link: "../../b.txt", kind: tar.TypeSymlink},
	{name: "src/app/folder", link: "../../empty", kind: tar.TypeSymlink},
	{name: "__MACOSX/._b.txt", body: "junk"},
	{name: "src/.DS_Store", body: "junk"},
	{name: "B.txt", body: "case counts"},
}

func sampleTree(t testing.TB) *Tree {
	t.Helper()
	tree, err := FromTarGz(bytes.NewReader(makeTarGz(t, sample...)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestTreeHoldsWhatWasPacked(t *testing.T) {
	tree := sampleTree(t)
	want := []string{
		"B.txt", "b.txt", "empty/", "run.sh*", "src/", "src/app/", "src/app/folder -> ../../empty", "src/app/main.py",
		"src/app/up -> ../../b.txt", "src/link -> ./app/main.py", "src-x",
	}
	if diff := cmp.Diff(want, paths(tree)); diff != "" {
		t.Error(diff)
	}
	files := tree.Files()
	if files[1] != (preview.FileInfo{Path: "b.txt", Size: 3, Mode: 0o644}) || files[2].Mode != 0o755 || len(files) != 8 {
		t.Errorf("files %+v", files)
	}
	if tree.Bytes() != 11+3+10+9+11+11+13 {
		t.Errorf("%d bytes", tree.Bytes())
	}
}

func TestTreeIsAFileSystem(t *testing.T) {
	tree := sampleTree(t)
	if err := fstest.TestFS(tree.FS(), "b.txt", "run.sh", "empty", "src/app/main.py", "src/link", "src/app/up"); err != nil {
		t.Error(err)
	}
	for name, want := range map[string]string{"src/link": "print(1)\n", "src/app/up": "bee"} {
		if got, err := fs.ReadFile(tree.FS(), name); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if target, err := fs.ReadLink(tree.FS(), "src/link"); err != nil || target != "./app/main.py" {
		t.Errorf("link %q, %v", target, err)
	}
}

func TestFileSystemErrors(t *testing.T) {
	fsys := sampleTree(t).FS()
	_, readDir := fs.ReadFile(fsys, "src")
	_, listFile := fs.ReadDir(fsys, "b.txt")
	_, linkOfFile := fs.ReadLink(fsys, "b.txt")
	_, noLink := fs.ReadLink(fsys, "nothing")
	_, noFile := fs.ReadFile(fsys, "nothing")
	_, noDir := fs.ReadDir(fsys, "nothing")
	_, noStat := fs.Stat(fsys, "nothing")
	_, noLstat := fs.Lstat(fsys, "nothing")
	_, outside := fs.Stat(fsys, "../x")
	for want, errs := range map[error][]error{
		errIsDir: {readDir}, errNotDir: {listFile}, fs.ErrInvalid: {linkOfFile, outside},
		fs.ErrNotExist: {noLink, noFile, noDir, noStat, noLstat},
	} {
		for _, err := range errs {
			if !errors.Is(err, want) {
				t.Errorf("%v, want %v", err, want)
			}
		}
	}
}

func TestDanglingLinksInsideAreKept(t *testing.T) {
	tree, err := FromTarGz(bytes.NewReader(makeTarGz(t, item{name: "l", link: "later/x", kind: tar.TypeSymlink})), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fs.Stat(tree.FS(), "l"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestHardLinkBecomesACopy(t *testing.T) {
	tree, err := FromTarGz(bytes.NewReader(makeTarGz(t, item{name: "a", body: "x", mode: 0o755}, item{name: "b", link: "./a", kind: tar.TypeLink})), Limits{})
	if err != nil || !slices.Equal(paths(tree), []string{"a*", "b*"}) {
		t.Errorf("%v, %v", paths(tree), err)
	}
}

func TestArchiveIsCanonical(t *testing.T) {
	tree := sampleTree(t)
	shuffled := slices.Clone(sample)
	slices.Reverse(shuffled)
	fromZip, err := FromZip(makeZip(t, shuffled...), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	first, err := tree.Archive()
	if err != nil {
		t.Fatal(err)
	}
	second, err := fromZip.Archive()
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("equal trees packed differently, %v", err)
	}
	again, err := FromArchive(first)
	if err != nil {
		t.Fatal(err)
	}
	if tree.Digest() != fromZip.Digest() || tree.Digest() != again.Digest() || !strings.HasPrefix(tree.Digest(), "sha256:") || len(tree.Digest()) != 71 {
		t.Errorf("digests %s, %s, %s", tree.Digest(), fromZip.Digest(), again.Digest())
	}
}

func TestDigestTellsTreesApart(t *testing.T) {
	seen := map[string]string{}
	for name, items := range map[string][]item{
		"none": {}, "a": {{name: "a"}}, "b": {{name: "b"}}, "folder": {{name: "a", kind: tar.TypeDir}},
		"content": {{name: "a", body: "b"}}, "mode": {{name: "a", mode: 0o755}}, "link": {{name: "a", link: "b", kind: tar.TypeSymlink}},
		"two": {{name: "a", body: "x"}, {name: "b", body: "y"}}, "moved": {{name: "a", body: "xy"}, {name: "b"}},
	} {
		tree, err := FromTarGz(bytes.NewReader(makeTarGz(t, items...)), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if other := seen[tree.Digest()]; other != "" {
			t.Errorf("%s and %s have one digest", name, other)
		}
		seen[tree.Digest()] = name
	}
}

func TestTarBearsThePresentTimeAndFilters(t *testing.T) {
	var buf bytes.Buffer
	if err := sampleTree(t).Tar(&buf, func(p string) bool { return !strings.HasPrefix(p, "src/app") }); err != nil {
		t.Fatal(err)
	}
	var got []string
	for tr := tar.NewReader(&buf); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, h.Name)
		if age := time.Since(h.ModTime); age < 0 || age > time.Minute {
			t.Errorf("%s is %v old", h.Name, age)
		}
	}
	if want := []string{"B.txt", "b.txt", "empty/", "run.sh", "src/", "src/link", "src-x"}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

type brokenWriter struct{ left int }

func (w *brokenWriter) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, io.ErrClosedPipe
	}
	return len(p), nil
}

func TestTarReportsItsWritersError(t *testing.T) {
	tree := sampleTree(t)
	for left := 0; left < 8<<10; left += 512 {
		if err := tree.Tar(&brokenWriter{left: left}, nil); !errors.Is(err, io.ErrClosedPipe) {
			t.Fatalf("after %d bytes: %v", left, err)
		}
	}
}

func TestSub(t *testing.T) {
	tree := sampleTree(t)
	sub, err := tree.Sub("src/app")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"main.py", "up"}; !slices.Equal(paths(sub), want) {
		t.Errorf("%v, want %v", paths(sub), want)
	}
	if got, _ := fs.ReadFile(sub.FS(), "up"); string(got) != "bee" {
		t.Errorf("the link out became %q", got)
	}
	if all, err := tree.Sub("."); err != nil || all != tree {
		t.Errorf("the root: %v", err)
	}
	for _, root := range []string{"nothing", "b.txt"} {
		if _, err := tree.Sub(root); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", root, err)
		}
	}
	_, err = tree.Sub("../x")
	wantError(t, err, "../x", "outside")
}

func TestFromArchiveRefusesDamage(t *testing.T) {
	_, err := FromArchive([]byte("no"))
	wantError(t, err, "", "ends too early")
}
