package source

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestFromJSON(t *testing.T) {
	const body = `{"name": {"ignored": [1]}, "project_id": "shop", "files": {
		"main.py": "print('ü')\n", "logo.png": {"content": "AP8=", "encoding": "base64"},
		"run": {"content": "#!/bin/sh", "executable": true}, "t.txt": {"content": "", "encoding": null, "executable": null}}}
	`
	id, tree, err := FromJSON(strings.NewReader(body), Limits{})
	if err != nil || id != "shop" {
		t.Fatal(id, err)
	}
	if want := []string{"logo.png", "main.py", "run*", "t.txt"}; !slices.Equal(paths(tree), want) {
		t.Errorf("%q", paths(tree))
	}
	for name, want := range map[string]string{"main.py": "print('ü')\n", "logo.png": "\x00\xff", "run": "#!/bin/sh", "t.txt": ""} {
		if got, err := fs.ReadFile(tree.FS(), name); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestFromJSONRefuses(t *testing.T) {
	const shape = "has to be an object"
	for body, want := range map[string]Error{
		``:                                {Problem: shape},
		`[]`:                              {Problem: shape},
		`{"files": ["a"]}`:                {Problem: "files: want an object"},
		`{"files": null}`:                 {Problem: "files: want an object"},
		`{"files": {`:                     {Problem: "ends too early"},
		`{"files": {"a": "`:               {Problem: "ends too early"},
		`{"files": {"a"`:                  {Problem: "ends too early"},
		`{"fi`:                            {Problem: "ends too early"},
		`{"files": {"a": x}}`:             {Problem: "not valid JSON"},
		`{"files": {}} {}`:                {Problem: "goes on after its end"},
		`{"project_id": 5}`:               {Problem: "project_id: want a string"},
		`{"project_id": x}`:               {Problem: "not valid JSON"},
		"{\"files\": {\"a\": \"\xff\"}}":  {Path: "a", Problem: "is not UTF-8"},
		`{"files": {"a": "1", "a": "2"}}`: {Path: "a", Problem: "twice"},
		`{"files": {"a": "1"}, "files": {"a": ""}}`:                {Path: "a", Problem: "twice"},
		`{"files": {"../a": "1"}}`:                                 {Path: "../a", Problem: "outside"},
		`{"files": {"a\u0000": "1"}}`:                              {Path: "a\x00", Problem: "control"},
		`{"project_id": "p"}`:                                      {Path: "", Problem: "files: is required"},
		`{"files": {"a": 5}}`:                                      {Path: "a", Problem: "needs a string"},
		`{"files": {"a": null}}`:                                   {Path: "a", Problem: "needs a string"},
		`{"files": {"a": {}}}`:                                     {Path: "a", Problem: "needs a string"},
		`{"files": {"a": {"content": "?", "encoding": "base64"}}}`: {Path: "a", Problem: "not valid base64"},
		`{"files": {"a": {"content": "?", "encoding": "rot13"}}}`:  {Path: "a", Problem: "unknown encoding"},
		`{"files": {"a": {"content": "?", "encoding": ""}}}`:       {Path: "a", Problem: "unknown encoding"},
	} {
		_, tree, err := FromJSON(strings.NewReader(body), Limits{})
		if tree != nil {
			t.Errorf("%s: a tree", body)
		}
		t.Run(body, func(t *testing.T) { wantError(t, err, want.Path, want.Problem) })
	}
	_, _, err := FromJSON(strings.NewReader(`{"files": {"a": "123456"}}`), Limits{Bytes: 5})
	wantError(t, err, "a", "limit of 5 bytes")
}

func TestFromJSONReadsNoMoreThanItMay(t *testing.T) {
	endless := io.MultiReader(strings.NewReader(`{"files": {"a": "`), endlessReader{})
	_, _, err := FromJSON(endless, Limits{Bytes: 1000, Files: 1})
	wantError(t, err, "a", "more data")
	if !tooLarge(err) {
		t.Error("TooLarge is not set")
	}
}

type endlessReader struct{}

func (endlessReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// What breaks off on the way is no fault of the files.
func TestTheSendersConnectionIsNotTheArchive(t *testing.T) {
	gone := errors.New("connection reset")
	whole := makeTarGz(t, item{name: "a", body: strings.Repeat("x", 5000)})
	for name, err := range map[string]error{
		"at once": func() error { _, err := FromTarGz(iotest.ErrReader(gone), Limits{}); return err }(),
		"midway": func() error {
			_, err := FromTarGz(io.MultiReader(bytes.NewReader(whole[:len(whole)/2]), iotest.ErrReader(gone)), Limits{})
			return err
		}(),
		"at the end": func() error {
			_, err := FromTarGz(io.MultiReader(bytes.NewReader(whole), iotest.ErrReader(gone)), Limits{})
			return err
		}(),
		"json": func() error {
			_, _, err := FromJSON(io.MultiReader(strings.NewReader(`{"files": {`), iotest.ErrReader(gone)), Limits{})
			return err
		}(),
	} {
		var own *Error
		if !errors.Is(err, gone) || errors.As(err, &own) {
			t.Errorf("%s: %v (%T)", name, err, err)
		}
	}
}

func FuzzFromJSON(f *testing.F) {
	f.Add(`{"project_id":"x","files":{"a/b":"c","d":{"content":"AA==","encoding":"base64","executable":true}}}`)
	f.Add(`{"files":{"../a":"1"}}`)
	f.Fuzz(func(t *testing.T, body string) {
		_, tree, err := FromJSON(strings.NewReader(body), fuzzLimits)
		checkTree(t, tree, err)
		if err == nil && !json.Valid([]byte(body)) {
			t.Error("invalid JSON was taken")
		}
	})
}

func FuzzFromFiles(f *testing.F) {
	f.Add("a/b", "x", "a", "y")
	f.Add("..", base64.StdEncoding.EncodeToString(nil), "/", "")
	f.Fuzz(func(t *testing.T, p1, c1, p2, c2 string) {
		tree, err := FromFiles(map[string]File{p1: {Content: []byte(c1)}, p2: {Content: []byte(c2), Executable: true}}, fuzzLimits)
		checkTree(t, tree, err)
	})
}
