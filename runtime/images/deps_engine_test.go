package images_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"previewd/runtime/detect"
	"previewd/runtime/docker"
	"previewd/runtime/images"
	"previewd/runtime/preview"
)

func mustImages(t *testing.T, b *docker.Backend) []preview.Image {
	t.Helper()
	list, err := b.Images(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func tree(files map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	return m
}

// install is a real one; inputs are all files below root.
type install struct {
	runtime preview.Runtime
	root    string
	command string
	files   map[string]string
	check   string // run in the image, in the project's folder
}

func (i install) request(t *testing.T, s *images.Store) images.DepsRequest {
	t.Helper()
	image, err := s.Runtime(t.Context(), i.runtime, func(line string) { t.Log(line) })
	if err != nil {
		t.Fatal(err)
	}
	var inputs []string
	placed := map[string]string{}
	for name, text := range i.files {
		inputs = append(inputs, name)
		placed[filepath.Join(i.root, name)] = text
	}
	return images.DepsRequest{
		PreviewID: preview.NewID(), GenerationID: "g", UserID: "u", RuntimeImage: image, Root: i.root,
		Install: &detect.Install{Command: i.command, Inputs: inputs}, Tree: tree(placed), Limits: limits,
		Timeout: 5 * time.Minute,
	}
}

var installs = map[string]install{
	"express by npm": {
		runtime: preview.RuntimeNode, root: ".", command: "npm install",
		files: map[string]string{"package.json": `{"name":"x","dependencies":{"express":"^4.19.0"}}`},
		check: `node -e "require('express')()"`,
	},
	"a native module by npm, compiled": {
		runtime: preview.RuntimeNode, root: "api", command: "npm install --build-from-source",
		files: map[string]string{
			"package.json":        `{"name":"x","dependencies":{"x-native":"file:native","node-addon-api":"^8.0.0"}}`,
			"native/package.json": `{"name":"x-native","version":"1.0.0","main":"index.js","gypfile":true}`,
			"native/index.js":     `module.exports = require('./build/Release/x.node')`,
			"native/binding.gyp":  `{"targets":[{"target_name":"x","sources":["x.cc"]}]}`,
			"native/x.cc": `#include <node.h>
void F(const v8::FunctionCallbackInfo<v8::Value>& a) { a.GetReturnValue().Set(42); }
void Init(v8::Local<v8::Object> e) { NODE_SET_METHOD(e, "f", F); }
NODE_MODULE(x, Init)`,
		},
		check: `[ "$(node -p "require('x-native').f()")" = 42 ]`,
	},
	"a native module by pnpm, compiled": {
		runtime: preview.RuntimeNode, root: ".", command: "pnpm install --no-frozen-lockfile",
		files: map[string]string{
			"package.json":        `{"name":"x","dependencies":{"x-native":"file:native"}}`,
			"native/package.json": `{"name":"x-native","version":"1.0.0","main":"index.js","scripts":{"install":"node-gyp rebuild"}}`,
			"native/index.js":     `module.exports = require('./build/Release/x.node')`,
			"native/binding.gyp":  `{"targets":[{"target_name":"x","sources":["x.cc"]}]}`,
			"native/x.cc": `#include <node.h>
void F(const v8::FunctionCallbackInfo<v8::Value>& a) { a.GetReturnValue().Set(42); }
void Init(v8::Local<v8::Object> e) { NODE_SET_METHOD(e, "f", F); }
NODE_MODULE(x, Init)`,
		},
		check: `[ "$(node -p "require('x-native').f()")" = 42 ]`,
	},
	"yarn 1": {
		runtime: preview.RuntimeNode, root: ".", command: "yarn install --non-interactive",
		files: map[string]string{"package.json": `{"name":"x","dependencies":{"koa":"^2.15.0"}}`},
		check: `node -e "new (require('koa'))()"`,
	},
	"yarn of today": {
		runtime: preview.RuntimeNode, root: ".", command: "yarn install",
		files: map[string]string{
			"package.json": `{"name":"x","packageManager":"yarn@4.9.0","dependencies":{"koa":"^2.15.0"}}`,
		},
		check: `node -e "new (require('koa'))()" && ls .yarn* >/dev/null 2>&1; [ ! -e .pnp.cjs ]`,
	},
	"fastapi by uv": {
		runtime: preview.RuntimePython, root: "backend",
		command: "uv venv && uv pip install -r requirements.txt",
		files:   map[string]string{"requirements.txt": "fastapi\nuvicorn\n"},
		check:   `.venv/bin/python -c "import fastapi" && .venv/bin/uvicorn --version`,
	},
	"a package without a wheel, compiled": {
		runtime: preview.RuntimePython, root: ".",
		command: "uv venv && uv pip install --no-binary markupsafe markupsafe==3.0.2",
		files:   map[string]string{"requirements.txt": ""},
		check:   `.venv/bin/python -c "import markupsafe._speedups"`,
	},
	"flask by pip, without a virtual environment": {
		runtime: preview.RuntimePython, root: ".", command: "pip install -r requirements.txt",
		files: map[string]string{"requirements.txt": "flask\n"},
		check: `flask --version`,
	},
	"gin modules": {
		runtime: preview.RuntimeGo, root: ".", command: "go mod tidy && go mod download && go build -o /dev/null .",
		files: map[string]string{
			"go.mod":  "module x\n\ngo 1.22\n\nrequire github.com/gin-gonic/gin v1.10.0\n",
			"main.go": "package main\n\nimport \"github.com/gin-gonic/gin\"\n\nfunc main() { gin.Default() }\n",
		},
		check: `GOPROXY=off go build -o /tmp/x .`,
	},
}

func TestDepsInstall(t *testing.T) {
	b := realEngine(t)
	s := realStore(t, b)
	for name, i := range installs {
		t.Run(name, func(t *testing.T) {
			req := i.request(t, s)
			var out sink
			first, err := s.Deps(t.Context(), req, &out)
			if err != nil {
				t.Fatalf("%v\n%s", err, out.text())
			}
			if first.Cached || first.Bytes < 10_000 || len(out.output) == 0 {
				t.Errorf("%+v\n%s", first, out.text())
			}
			t.Logf("%d MB", first.Bytes>>20)
			shell(t, b, first.Image, "set -e\ncd /app/"+i.root+"\n"+i.check)
			if found := shell(t, b, first.Image, `find /app ! -type l \( ! -user 10001 -o -perm -0002 \); find /tmp -mindepth 1`); found != "" {
				t.Errorf("not the app's, writable for all, or a cache:\n%.2000s", found)
			}
			second, err := s.Deps(t.Context(), req, &out)
			if err != nil || !second.Cached || second.Image != first.Image {
				t.Errorf("second time: %+v, %v", second, err)
			}
		})
	}
	if left, err := b.List(t.Context()); err != nil || len(left) > 0 {
		t.Errorf("instances left: %v, %v", left, err)
	}
}

func TestDepsFail(t *testing.T) {
	b := realEngine(t)
	s := realStore(t, b)
	packageJSON := func(deps string) map[string]string {
		return map[string]string{"package.json": `{"name":"x","dependencies":{` + deps + `}}`}
	}
	for name, c := range map[string]struct {
		install
		code preview.Code
		want string // in the message
	}{
		"no such version":     {install{runtime: preview.RuntimeNode, command: "npm install", files: packageJSON(`"express":"99.0.0"`)}, preview.InstallFailed, "express@99.0.0"},
		"no such package":     {install{runtime: preview.RuntimeNode, command: "npm install", files: packageJSON(`"previewd-no-such-package-at-all":"1"`)}, preview.InstallFailed, "previewd-no-such-package-at-all"},
		"peers disagree":      {install{runtime: preview.RuntimeNode, command: "npm install", files: packageJSON(`"react":"17.0.2","react-dom":"18.2.0"`)}, preview.InstallFailed, "exclude one another"},
		"lockfile outdated":   {install{runtime: preview.RuntimeNode, command: "npm ci", files: map[string]string{"package.json": `{"name":"x","version":"1.0.0","dependencies":{"koa":"2"}}`, "package-lock.json": `{"name":"x","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"x","version":"1.0.0"}}}`}}, preview.InstallFailed, "lockfile"},
		"no such pip version": {install{runtime: preview.RuntimePython, command: "uv venv -q && uv pip install flask==99", files: map[string]string{"requirements.txt": ""}}, preview.InstallFailed, "flask==99"},
		"python too new":      {install{runtime: preview.RuntimePython, command: "uv sync", files: map[string]string{"pyproject.toml": "[project]\nname='x'\nversion='1'\nrequires-python='<3.9'\n"}}, preview.InstallFailed, "Python"},
		"missing header":      {install{runtime: preview.RuntimePython, command: `printf '#include <libpq-fe.h>\n' >x.c && gcc -c x.c`, files: map[string]string{"requirements.txt": ""}}, preview.InstallFailed, "libpq-fe.h"},
		"no such command":     {install{runtime: preview.RuntimePython, command: "conda install", files: map[string]string{"requirements.txt": ""}}, preview.InstallFailed, "conda"},
		"too much memory":     {install{runtime: preview.RuntimePython, command: `python -c "b'x' * (4 << 30)"`, files: map[string]string{"requirements.txt": ""}}, preview.OutOfMemory, "memory"},
		"a go module missing": {install{runtime: preview.RuntimeGo, command: "go mod download", files: map[string]string{"go.mod": "module x\n\ngo 1.22\n\nrequire github.com/gin-gonic/gin v1.999.0\n"}}, preview.InstallFailed, "gin-gonic/gin"},
	} {
		t.Run(name, func(t *testing.T) {
			var out sink
			req := c.request(t, s)
			_, err := s.Deps(t.Context(), req, &out)
			var reason *preview.Reason
			if !errors.As(err, &reason) {
				t.Fatalf("%v\n%s", err, out.text())
			}
			if reason.Code != c.code || !strings.Contains(reason.Message, c.want) || reason.Hint == "" {
				t.Errorf("%s: %s (%s)\n%s", reason.Code, reason.Message, reason.Hint, out.text())
			}
			t.Log(reason.Message, "|", reason.Hint)
		})
	}
	if left, err := b.List(t.Context()); err != nil || len(left) > 0 {
		t.Errorf("instances left: %v, %v", left, err)
	}
}

func TestDepsGivesUp(t *testing.T) {
	b := realEngine(t)
	s := realStore(t, b)
	endless := install{runtime: preview.RuntimeStatic, command: "sleep 600", files: map[string]string{"x": ""}}
	endless.runtime = preview.RuntimePython

	t.Run("timeout", func(t *testing.T) {
		req := endless.request(t, s)
		req.Timeout = time.Second
		_, err := s.Deps(t.Context(), req, &sink{})
		var reason *preview.Reason
		if !errors.As(err, &reason) || reason.Code != preview.InstallTimeout {
			t.Errorf("%v", err)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := s.Deps(ctx, endless.request(t, s), &sink{}); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	})
	if left, err := b.List(t.Context()); err != nil || len(left) > 0 {
		t.Errorf("instances left: %v, %v", left, err)
	}
	if _, err := os.Stat(machineBundle); err != nil {
		t.Error(err)
	}
}
