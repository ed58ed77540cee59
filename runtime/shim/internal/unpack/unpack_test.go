package unpack

import (
	"archive/tar"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func archive(t *testing.T, entries ...tar.Header) *bytes.Buffer {
	t.Helper()
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	for _, h := range entries {
		body := "content of " + h.Name
		if h.Typeflag != tar.TypeReg {
			body = ""
		}
		h.Size = int64(len(body))
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &buf
}

func dir(name string) tar.Header { return tar.Header{Typeflag: tar.TypeDir, Name: name, Mode: 0o755} }

func regular(name string, mode int64) tar.Header {
	return tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode}
}

// TestFiles lays files over what a dependencies' image may hold.
func TestFiles(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o077))
	root, outside := t.TempDir(), filepath.Join(t.TempDir(), "outside")
	for _, name := range []string{"app/src/kept", "app/file-to-folder", "app/folder-to-file/inside"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"app/link": outside, "app/linked": filepath.Dir(outside)} {
		if err := os.Symlink(to, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	err := Files(archive(t, dir("app"), dir("app/src"), regular("app/src/run.sh", 0o755), regular("app/link", 0o644), dir("app/linked"),
		regular("app/linked/outside", 0o644), dir("app/file-to-folder"), regular("app/file-to-folder/x", 0o600),
		regular("app/folder-to-file", 0o644), tar.Header{Typeflag: tar.TypeSymlink, Name: "app/new", Linkname: "src/run.sh"}), root)
	if err != nil {
		t.Fatal(err)
	}
	for name, mode := range map[string]fs.FileMode{
		"app/src/kept": 0o600, "app/src/run.sh": 0o755, "app/link": 0o644, "app/linked": fs.ModeDir | 0o755, "app/linked/outside": 0o644,
		"app/file-to-folder": fs.ModeDir | 0o755, "app/file-to-folder/x": 0o600, "app/folder-to-file": 0o644, "app/new": fs.ModeSymlink | 0o777,
	} {
		if info, err := os.Lstat(filepath.Join(root, name)); err != nil || info.Mode() != mode {
			t.Errorf("%s: %v, %v; want %v", name, info, err, mode)
		}
	}
	if text, err := os.ReadFile(filepath.Join(root, "app/new")); err != nil || string(text) != "content of app/src/run.sh" {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := os.Lstat(outside); err == nil {
		t.Error("a link that was in the way was followed")
	}
}

func TestFilesRefused(t *testing.T) {
	whole := archive(t, dir("app"), regular("app/x", 0o644)).Bytes()
	for name, tt := range map[string]struct {
		tar  []byte
		says string
	}{
		"nothing":    {nil, "EOF"},
		"breaks off": {whole[:len(whole)-1024-512], "app/x"},
		"ends early": {whole[:512], "EOF"},
		"device":     {archive(t, tar.Header{Typeflag: tar.TypeFifo, Name: "app"}).Bytes(), "app"},
		"outside":    {archive(t, regular("../x", 0o644)).Bytes(), "../x"},
		"no folder":  {archive(t, regular("app/x", 0o644)).Bytes(), "app/x"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := Files(bytes.NewReader(tt.tar), t.TempDir()); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v", err)
			}
		})
	}
	if err := Files(bytes.NewReader(whole), filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("a root that is not there was accepted")
	}
}
