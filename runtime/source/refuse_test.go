package source

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// hostile holds what every kind of archive has to refuse, and what the refusal says.
var hostile = []struct {
	name, path, problem string
	items               []item
	tarOnly             bool
}{
	{name: "traversal", items: []item{{name: "a/../../etc/passwd", body: "x"}}, path: "a/../../etc/passwd", problem: "outside"},
	{name: "traversal that comes back", items: []item{{name: "a/../b", body: "x"}}, path: "a/../b", problem: "outside"},
	{name: "traversal by a folder", items: []item{{name: "../", kind: tar.TypeDir}}, path: "../", problem: "outside"},
	{name: "absolute", items: []item{{name: "/etc/passwd", body: "x"}}, path: "/etc/passwd", problem: "absolute"},
	{name: "drive", items: []item{{name: "C:/x", body: "x"}}, path: "C:/x", problem: "absolute"},
	{name: "backslash", items: []item{{name: `..\..\x`, body: "x"}}, path: `..\..\x`, problem: "backslash"},
	{name: "newline", items: []item{{name: "a\nb", body: "x"}}, path: "a\nb", problem: "control"},
	{name: "escape", items: []item{{name: "a\x1b[2Jb", body: "x"}}, path: "a\x1b[2Jb", problem: "control"},
	{name: "not UTF-8", items: []item{{name: "a\xff", body: "x"}}, path: "a\xff", problem: "UTF-8"},
	{name: "empty name", items: []item{{name: "", body: "x"}}, problem: "without a name"},
	{name: "the root as a file", items: []item{{name: ".", body: "x"}}, path: ".", problem: "own folder"},
	{name: "long name", items: []item{{name: strings.Repeat("n", 256), body: "x"}}, path: strings.Repeat("n", 256), problem: "longer than 255"},
	{name: "long path", items: []item{{name: strings.Repeat("long/", 300) + "f", body: "x"}}, path: strings.Repeat("long/", 300) + "f", problem: "longer than 1024", tarOnly: true},
	{name: "deep", items: []item{{name: strings.Repeat("d/", 40) + "f", body: "x"}}, path: strings.Repeat("d/", 40) + "f", problem: "folders deep"},
	{name: "twice", items: []item{{name: "a", body: "x"}, {name: "./a", body: "y"}}, path: "./a", problem: "twice"},
	{name: "file, then folder", items: []item{{name: "a", body: "x"}, {name: "a/b", body: "y"}}, path: "a/b", problem: "needs a folder"},
	{name: "folder, then file", items: []item{{name: "a/b", body: "x"}, {name: "a", body: "y"}}, path: "a", problem: "file and a folder"},
	{name: "through a link", items: []item{{name: "a", link: "b", kind: tar.TypeSymlink}, {name: "a/x", body: "y"}}, path: "a/x", problem: "needs a folder"},
	{name: "absolute link", items: []item{{name: "a", link: "/etc/passwd", kind: tar.TypeSymlink}}, path: "a", problem: "link to an absolute"},
	{name: "link out", items: []item{{name: "d/a", link: "../../x", kind: tar.TypeSymlink}}, path: "d/a", problem: "leads outside"},
	{name: "link out by a backslash", items: []item{{name: "a", link: `..\x`, kind: tar.TypeSymlink}}, path: "a", problem: "target contains a backslash"},
	{name: "link to nothing", items: []item{{name: "a", link: "", kind: tar.TypeSymlink}}, path: "a", problem: "link whose target"},
	{name: "chain of links out", path: "d/e/b", problem: "leads outside", items: []item{
		{name: "d/e/b", link: "../up/..", kind: tar.TypeSymlink}, {name: "d/up", link: "..", kind: tar.TypeSymlink},
	}},
	{name: "link to itself", items: []item{{name: "a", link: "b", kind: tar.TypeSymlink}, {name: "b", link: "a", kind: tar.TypeSymlink}}, path: "a", problem: "to itself"},
	{name: "device", items: []item{{name: "null", kind: tar.TypeChar}}, path: "null", problem: "is"},
	{name: "fifo", items: []item{{name: "pipe", kind: tar.TypeFifo}}, path: "pipe", problem: "is"},
	{name: "hard link out", items: []item{{name: "a", link: "../x", kind: tar.TypeLink}}, path: "a", problem: "hard link", tarOnly: true},
	{name: "hard link to a link", path: "b", problem: "hard link", tarOnly: true, items: []item{
		{name: "a", link: "c", kind: tar.TypeSymlink}, {name: "b", link: "a", kind: tar.TypeLink},
	}},
	{name: "hard link to what comes later", path: "b", problem: "hard link", tarOnly: true, items: []item{
		{name: "b", link: "a", kind: tar.TypeLink}, {name: "a", body: "x"},
	}},
	{name: "unknown kind", items: []item{{name: "a", kind: 'Z'}}, path: "a", problem: "unknown kind", tarOnly: true},
}

func TestHostileTarGz(t *testing.T) {
	for _, c := range hostile {
		t.Run(c.name, func(t *testing.T) {
			_, err := FromTarGz(bytes.NewReader(makeTarGz(t, c.items...)), Limits{})
			wantError(t, err, c.path, c.problem)
		})
	}
}

func TestHostileZip(t *testing.T) {
	for _, c := range hostile {
		if c.tarOnly {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			_, err := FromZip(makeZip(t, c.items...), Limits{})
			wantError(t, err, c.path, c.problem)
		})
	}
}

func TestHostileFiles(t *testing.T) {
	for _, c := range hostile {
		if len(c.items) != 1 || c.items[0].kind != 0 {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			_, err := FromFiles(map[string]File{c.items[0].name: {Content: []byte("x")}}, Limits{})
			wantError(t, err, c.path, c.problem)
		})
	}
	_, err := FromFiles(map[string]File{"nul\x00": {}}, Limits{})
	wantError(t, err, "nul\x00", "control")
}

func TestLimits(t *testing.T) {
	lim := Limits{Bytes: 100, Files: 3}
	big := item{name: "big", body: strings.Repeat("x", 101)}
	for name, c := range map[string]struct {
		items   []item
		path    string
		problem string
	}{
		"one file":     {[]item{big}, "big", "limit of 100 bytes"},
		"sum of files": {[]item{{name: "a", body: strings.Repeat("x", 60)}, {name: "b", body: strings.Repeat("x", 41)}}, "b", "limit of 100 bytes"},
		"files":        {[]item{{name: "a"}, {name: "b"}, {name: "c"}, {name: "d"}}, "d", "3 files"},
		"folders":      {[]item{{name: "a/b/c/d/e"}}, "a/b/c/d/e", "3 files"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := FromTarGz(bytes.NewReader(makeTarGz(t, c.items...)), lim)
			wantError(t, err, c.path, c.problem)
			if !tooLarge(err) {
				t.Error("TooLarge is not set")
			}
			_, err = FromZip(makeZip(t, c.items...), lim)
			wantError(t, err, c.path, c.problem)
		})
	}
	full := []item{{name: "a", body: strings.Repeat("x", 99)}, {name: "b", body: "y"}, {name: "c"}}
	if _, err := FromTarGz(bytes.NewReader(makeTarGz(t, full...)), lim); err != nil {
		t.Errorf("exactly at the limits: %v", err)
	}
}

func TestHardLinksCountTheirContent(t *testing.T) {
	_, err := FromTarGz(bytes.NewReader(makeTarGz(t,
		item{name: "a", body: strings.Repeat("x", 60)}, item{name: "b", link: "a", kind: tar.TypeLink})), Limits{Bytes: 100})
	wantError(t, err, "b", "limit")
}

func TestDamagedTarGz(t *testing.T) {
	noise := make([]byte, 8<<10)
	rand.NewChaCha8([32]byte{}).Read(noise)
	flat := makeTar(t, item{name: "a", body: string(noise)}, item{name: "b", body: "y"})
	whole := gzipped(t, flat)
	bad := bytes.Clone(whole)
	bad[len(bad)-6] ^= 1 // the checksum
	lies := bytes.Clone(flat[:1024])
	for name, c := range map[string]struct {
		data          []byte
		path, problem string
	}{
		"empty":             {nil, "", "ends too early"},
		"not gzip":          {[]byte("hello, this is no gzip"), "", "damaged"},
		"not tar":           {gzipped(t, bytes.Repeat([]byte("hello"), 500)), "", "damaged"},
		"cut gzip":          {whole[:len(whole)/2], "a", "ends too early"},
		"checksum":          {bad, "", "damaged"},
		"size that lies":    {gzipped(t, lies), "a", "ends too early"},
		"garbage after gz":  {append(bytes.Clone(whole), "long garbage"...), "", "damaged"},
		"garbage after tar": {gzipped(t, append(bytes.Clone(flat), "garbage"...)), "", "goes on after its end"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := FromTarGz(bytes.NewReader(c.data), Limits{})
			wantError(t, err, c.path, c.problem)
		})
	}
}

func TestZerosAfterTheEndArePadding(t *testing.T) {
	flat := append(makeTar(t, item{name: "a"}), make([]byte, 9000)...)
	if _, err := FromTarGz(bytes.NewReader(gzipped(t, flat)), Limits{}); err != nil {
		t.Error(err)
	}
}

func TestGzipBombEndsAtTheLimit(t *testing.T) {
	bomb := gzipped(t, append(makeTar(t, item{name: "a"}), make([]byte, 80<<20)...))
	if len(bomb) > 1<<20 {
		t.Fatalf("the bomb has %d bytes", len(bomb))
	}
	_, err := FromTarGz(bytes.NewReader(bomb), Limits{Bytes: 1 << 20, Files: 10})
	wantError(t, err, "", "more data")
	if !tooLarge(err) {
		t.Error("TooLarge is not set")
	}
}

func TestErrorTextIsSafeToPrint(t *testing.T) {
	err := problem("a\x1b[2J"+strings.Repeat("x", 5000), "is bad")
	if s := err.Error(); strings.ContainsRune(s, '\x1b') || len(s) > 1000 {
		t.Errorf("%d bytes: %.80q", len(s), s)
	}
	if s := fmt.Sprint(problem("", "is bad")); s != "is bad" {
		t.Error(s)
	}
}

func tooLarge(err error) bool {
	var refused *Error
	return errors.As(err, &refused) && refused.TooLarge
}
