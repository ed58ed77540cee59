package images

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestWriteTree(t *testing.T) {
	tree := fstest.MapFS{
		"web/Dockerfile": {Data: []byte("FROM a"), Mode: 0o600},
		"web/run.sh":     {Data: []byte("run"), Mode: 0o755},
		"web/logs/x":     {Data: []byte("x"), Mode: 0o644},
		"web/link":       {Data: []byte("run.sh"), Mode: fs.ModeSymlink | 0o777},
		"outside":        {Data: []byte("not of the context")},
	}
	var buf bytes.Buffer
	err := writeTree(&buf, tree, "web", map[string][]byte{"Dockerfile": []byte("FROM b")}, func(name string) bool {
		return name == "logs/x" || name == "Dockerfile"
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for r := tar.NewReader(&buf); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s %o %s%s", h.Name, h.Mode, h.Linkname, data))
	}
	want := []string{"Dockerfile 644 FROM b", "link 777 run.sh", "logs/ 755 ", "run.sh 755 run"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		want string
	}{{"a  b\nc", 10, "a b c"}, {"abcdef", 3, "abc…"}, {"aéb", 2, "a…"}, {"", 0, ""}} {
		if got := shorten(c.text, c.n); got != c.want {
			t.Errorf("%q: %q", c.text, got)
		}
	}
}
