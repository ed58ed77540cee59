package source

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// item is one entry of an archive that a test makes.
type item struct {
	name, body, link string
	kind             byte // of tar; 0 is a regular file
	mode             int64
}

func makeTar(t testing.TB, items ...item) []byte {
	t.Helper()
	var buf bytes.Buffer
	tw := tar.NewWriter(&buf)
	for _, i := range items {
		h := &tar.Header{Name: i.name, Linkname: i.link, Typeflag: i.kind, Mode: i.mode, Size: int64(len(i.body))}
		if i.kind == 0 {
			h.Typeflag = tar.TypeReg
		}
		if h.Mode == 0 {
			h.Mode = 0o600
		}
		if err := tw.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := tw.Write([]byte(i.body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	zw := gzip.NewWriter(&buf)
	if _, err := zw.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func makeTarGz(t testing.TB, items ...item) []byte {
	t.Helper()
	return gzipped(t, makeTar(t, items...))
}

func makeZip(t testing.TB, items ...item) []byte {
	t.Helper()
	var buf bytes.Buffer
	zw := zip.NewWriter(&buf)
	for _, i := range items {
		h := &zip.FileHeader{Name: i.name, Method: zip.Deflate}
		body := i.body
		switch i.kind {
		case tar.TypeDir:
			h.SetMode(fs.ModeDir | 0o755)
		case tar.TypeSymlink:
			h.SetMode(fs.ModeSymlink | 0o777)
			body = i.link
		case tar.TypeChar:
			h.SetMode(fs.ModeDevice | fs.ModeCharDevice | 0o600)
		case tar.TypeFifo:
			h.SetMode(fs.ModeNamedPipe | 0o600)
		default:
			h.SetMode(fs.FileMode(i.mode | 0o600))
		}
		w, err := zw.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// writeDir lays out files by path; a path that ends in "/" is a folder, a content that starts with "-> " a link.
func writeDir(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		full := filepath.Join(dir, name)
		parent := filepath.Dir(full)
		if strings.HasSuffix(name, "/") {
			parent = full
		}
		if err := os.MkdirAll(parent, 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		switch target, isLink := strings.CutPrefix(body, "-> "); {
		case isLink:
			err = os.Symlink(target, full)
		case !strings.HasSuffix(name, "/"):
			err = os.WriteFile(full, []byte(body), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func paths(t *Tree) []string {
	list := []string{}
	for _, e := range t.sorted {
		p := e.path
		switch e.mode {
		case modeDir:
			p += "/"
		case modeLink:
			p += " -> " + string(e.data)
		case modeExecutable:
			p += "*"
		}
		list = append(list, p)
	}
	return list
}

// wantError checks that err is an *Error about path whose text contains part.
func wantError(t *testing.T, err error, path, part string) {
	t.Helper()
	var own *Error
	if !errors.As(err, &own) {
		t.Fatalf("error %v (%T), want an *Error", err, err)
	}
	if own.Path != path || !strings.Contains(own.Problem, part) {
		t.Errorf("error %q about %q, want one with %q about %q", own.Problem, own.Path, part, path)
	}
}
