package source

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFromDir(t *testing.T) {
	dir := writeDir(t, map[string]string{
		"main.py": "print(1)", "b/c.txt": "c", "empty/": "", ".git/HEAD": "x", "node_modules/x/index.js": "x", "b/node_modules/y": "x",
		".venv/bin/python": "x", "__pycache__/m.pyc": "x", "env/pyvenv.cfg": "x", "env/lib/x.py": "x", ".DS_Store": "x",
		"inside": "-> b/c.txt", "dangling": "-> later", "outside": "-> ../x", "absolute": "-> /etc/passwd", "chain": "-> b/up", "b/up": "-> ../../x",
		"a\nb": "x", `back\slash`: "x", "secret.key": "x", ".gitignore": "*.key\n", ".env.example": "A=1",
	})
	if err := os.Chmod(filepath.Join(dir, "main.py"), 0o775); err != nil {
		t.Fatal(err)
	}
	socket, err := new(net.ListenConfig).Listen(t.Context(), "unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	tree, notices, err := FromDir(dir, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{".env.example", ".gitignore", "b/", "b/c.txt", "dangling -> later", "empty/", "inside -> b/c.txt", "main.py*"}
	if diff := cmp.Diff(want, paths(tree)); diff != "" {
		t.Error(diff)
	}
	var left []string
	for _, n := range notices {
		left = append(left, n.Path)
		if n.Problem == "" {
			t.Errorf("no problem with %q", n.Path)
		}
	}
	slices.Sort(left)
	if want := []string{"a\nb", "absolute", "b/up", `back\slash`, "chain", "outside", "s"}; !slices.Equal(left, want) {
		t.Errorf("notices about %q", left)
	}
}

func TestFromDirErrors(t *testing.T) {
	if _, _, err := FromDir(filepath.Join(t.TempDir(), "nothing"), Limits{}); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	dir := writeDir(t, map[string]string{"a": "12345", "b": "123456"})
	_, _, err := FromDir(dir, Limits{Bytes: 10})
	wantError(t, err, "b", "limit of 10 bytes")
	_, _, err = FromDir(dir, Limits{Bytes: 3})
	wantError(t, err, "a", "limit of 3 bytes")
	_, _, err = FromDir(dir, Limits{Files: 1})
	wantError(t, err, "b", "1 files")
	_, _, err = FromDir(writeDir(t, map[string]string{"a/b/c/d": "x"}), Limits{Files: 2})
	wantError(t, err, "a/b/c", "2 files")
	_, _, err = FromDir(writeDir(t, map[string]string{"l": "-> x", "m": "-> x"}), Limits{Files: 1})
	wantError(t, err, "m", "1 files")
	_, _, err = FromDir(writeDir(t, map[string]string{".dockerignore": "a[\n"}), Limits{})
	wantError(t, err, ".dockerignore", "syntax error")
	_, _, err = FromDir(writeDir(t, map[string]string{".dockerignore/x": ""}), Limits{})
	wantError(t, err, ".dockerignore", "directory")
	if _, _, err = FromDir(writeDir(t, map[string]string{".dockerignore": "-> ../../x"}), Limits{}); err == nil {
		t.Error("a .dockerignore outside was read")
	}
}

func TestDockerignore(t *testing.T) {
	files := map[string]string{
		".dockerignore": "# comment\n**/*.log\ndocs\n!docs/keep.md\nDockerfile\n.dockerignore\n/build\n",
		"Dockerfile":    "FROM x", "a.log": "", "sub/b.log": "", "docs/x.md": "", "docs/keep.md": "", "build/x": "", "sub/build/x": "", "sub/Dockerfile": "",
	}
	tree, _, err := FromDir(writeDir(t, files), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{".dockerignore", "Dockerfile", "docs/", "docs/keep.md", "sub/", "sub/Dockerfile", "sub/build/", "sub/build/x"}
	if diff := cmp.Diff(want, paths(tree)); diff != "" {
		t.Error(diff)
	}
	ignored, err := DockerIgnored(tree.FS())
	if err != nil || !ignored("x/y.log") || ignored("docs/keep.md") || !ignored("docs/other") || ignored("Dockerfile") {
		t.Errorf("the same file read again decides otherwise, %v", err)
	}
	none, err := DockerIgnored(os.DirFS(t.TempDir()))
	if err != nil || none("x") {
		t.Error(err)
	}
	_, err = DockerIgnored(os.DirFS(writeDir(t, map[string]string{".dockerignore": strings.Repeat("x", 1<<17)})))
	wantError(t, err, ".dockerignore", "too long")
}
