package detect_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"previewd/runtime/detect"
	"previewd/runtime/preview"
)

// TestHostileTrees feeds trees made to cost: detection answers, and none takes minutes.
func TestHostileTrees(t *testing.T) {
	deep := strings.Repeat("d/", 500) + "package.json"
	wide := fstest.MapFS{}
	for letter := range strings.SplitSeq("abcdefghijklmnopqrstuvwxyz", "") {
		for second := range strings.SplitSeq("abcdefghijklmnopqrstuvwxyz", "") {
			wide[letter+second+"/app.py"] = file("from flask import Flask\napp = Flask('x')\n")
		}
	}
	trees := map[string]fstest.MapFS{
		"huge package.json":  {"package.json": file(`{"scripts":{"start":"` + strings.Repeat("x", 4<<20) + `"}}`)},
		"nested JSON":        {"package.json": file(strings.Repeat("[", 900_000))},
		"nested YAML":        {"previewd.yaml": file("env: " + strings.Repeat("[", 10_000))},
		"nested TOML":        {"pyproject.toml": file("x = " + strings.Repeat("[", 900_000))},
		"YAML aliases":       {"previewd.yaml": file("a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nenv: *c\n")},
		"deep folders":       {deep: file("{}")},
		"many apps":          wide,
		"NUL bytes":          {"main.py": file("\x00\xff\xfe app = FastAPI(\x00")},
		"UTF-16 half unit":   {"requirements.txt": file("\xff\xfef"), "app.py": file("from flask import Flask\napp = Flask('x')")},
		"requirement cycles": {"requirements.txt": file("-r requirements.txt\n-r ../../etc/passwd\n-r /etc/passwd\n"), "app.py": file("app = Flask('x')")},
		"folders as files":   {"package.json/x": file(""), "go.mod/x": file(""), "requirements.txt/x": file(""), "previewd.yaml/x": file("")},
		"long lines":         {"main.py": file(strings.Repeat("a=b(", 60_000)), "main.go": file("package main;" + strings.Repeat("import \"x\";", 20_000))},
		"name with quotes":   {"a'; touch owned; '.py": file("import http.server\nserve_forever()")},
	}
	for name, tree := range trees {
		t.Run(name, func(t *testing.T) {
			started := time.Now()
			check(t, tree)
			if took := time.Since(started); took > 30*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// TestFileNamesAreQuoted makes sure that a file's name cannot become a command.
func TestFileNamesAreQuoted(t *testing.T) {
	tree := fstest.MapFS{"a'; touch owned; '.py": file("import http.server\nserve_forever()")}
	plan, err := detect.Detect(tree, detect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if want := `python 'a'\''; touch owned; '\''.py'`; plan.Command != want {
		t.Errorf("command %q, want %q", plan.Command, want)
	}
}

// TestUTF16 reads what PowerShell writes, and converts it before the install reads it.
func TestUTF16(t *testing.T) {
	var text []byte
	for _, b := range []byte("\xfeFlask==3.1.3\r\n")[1:] {
		text = append(text, b, 0)
	}
	tree := fstest.MapFS{
		"requirements.txt": {Data: append([]byte("\xff\xfe"), text...)},
		"app.py":           file("\ufefffrom flask import Flask\r\napp = Flask('x')\r\n"),
	}
	plan, err := detect.Detect(tree, detect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if plan.Framework != "flask" || !strings.Contains(plan.Install.Command, "iconv") || len(plan.Notes) > 0 {
		t.Errorf("plan %+v, install %+v", plan, plan.Install)
	}
}

// TestLinks follows links to files, as storage keeps those that stay inside the tree.
func TestLinks(t *testing.T) {
	tree := fstest.MapFS{
		"requirements.txt": {Data: []byte("deps/all.txt"), Mode: fs.ModeSymlink | 0o777},
		"deps/all.txt":     file("flask\n"),
		"lost.txt":         {Data: []byte("nowhere"), Mode: fs.ModeSymlink | 0o777},
		"app.py":           file("from flask import Flask\napp = Flask('x')\n"),
	}
	plan, err := detect.Detect(tree, detect.Options{})
	if err != nil || plan.Install == nil || strings.Contains(plan.Install.Command, "lost") {
		t.Fatalf("plan %+v, %v", plan, err)
	}
}

func FuzzDetect(f *testing.F) {
	f.Add("package.json", `{"scripts":{"start":"node x.js"}}`, "x.js", "app.listen(1)")
	f.Add("requirements.txt", "fastapi\n-r x.txt", "main.py", "from fastapi import FastAPI\napp = FastAPI()")
	f.Add("go.mod", "module x\ngo 1.24", "main.go", "package main\nimport \"net/http\"")
	f.Add("previewd.yaml", "root: a\nenv: {A: b}", "a/Dockerfile", "FROM x")
	f.Add("pyproject.toml", "[project]\ndependencies=[\"flask\"]", "Procfile", "web: x")
	f.Add("Pipfile.lock", `{"default":{"a":{"version":"==1"}}}`, "app/main.py", "def create_app():\n  return Flask(x)")
	f.Fuzz(func(t *testing.T, name1, text1, name2, text2 string) {
		tree := fstest.MapFS{}
		for name, text := range map[string]string{name1: text1, name2: text2} {
			if fs.ValidPath(name) && name != "." {
				tree[name] = file(text)
			}
		}
		check(t, tree)
	})
}

// check holds every answer to what callers rely on.
func check(t *testing.T, tree fs.FS) {
	t.Helper()
	plan, err := detect.Detect(tree, detect.Options{})
	if err != nil {
		var reason *preview.Reason
		if !errors.As(err, &reason) || reason.Message == "" || reason.Hint == "" {
			t.Fatalf("not a full reason: %#v", err)
		}
		return
	}
	if plan.Runtime == "" || !fs.ValidPath(plan.Root) {
		t.Fatalf("runtime %q, root %q", plan.Runtime, plan.Root)
	}
	if plan.Command == "" && plan.StaticDir == "" && plan.Dockerfile == "" {
		t.Fatalf("nothing starts: %+v", plan)
	}
	if plan.Install == nil {
		return
	}
	for _, name := range plan.Install.Inputs {
		if !fs.ValidPath(name) {
			t.Fatalf("input %q is no path inside the project", name)
		}
	}
}

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text), Mode: 0o644} }
