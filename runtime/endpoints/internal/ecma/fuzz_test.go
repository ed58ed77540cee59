package ecma_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"previewd/runtime/endpoints/internal/ecma"
	"previewd/runtime/endpoints/internal/project"
)

// FuzzRoutes holds the front end to ending in time, without a panic, on whatever a file says.
func FuzzRoutes(f *testing.F) {
	for _, pattern := range []string{"*.[jt]s", "src/*.ts", "routes/*.js", "src/*/*.ts"} {
		names, err := filepath.Glob("../../testdata/ecma/*/" + pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range names {
			source, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(source))
		}
	}
	f.Add("const a = require('./a'); require('express')().use(a).get('/', a); module.exports = () => module.exports();")
	f.Add("function f() { return [f, f].map(f) } f(); while (true) { f() } for (;;) for (;;) x += x + `${x}`")
	f.Add("class A extends A { constructor() { super(); new A() } } new A(); const p = {}; p.p = p; Object.assign(p, p)")
	f.Fuzz(func(t *testing.T, source string) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		files := fstest.MapFS{
			"package.json": {Data: []byte(`{"name": "a", "main": "a.js", "dependencies": {"express": "4", "next": "15"}}`)},
			"a.js":         {Data: []byte(source)}, "b.ts": {Data: []byte("import './a';" + source)},
		}
		p := project.New(files, []string{"a.js", "b.ts"})
		for _, e := range ecma.Routes(ctx, p) {
			if !strings.HasPrefix(e.Path, "/") || e.Method == "" || strings.ContainsAny(e.Path, "\x01\x02\x03\x04\x05") {
				t.Errorf("endpoint %q %q", e.Method, e.Path)
			}
		}
		for _, w := range p.Warnings() {
			if strings.HasPrefix(w.Message, "not understood") {
				t.Errorf("panic: %s", w.Message)
			}
		}
		if ctx.Err() != nil {
			t.Error("took too long")
		}
	})
}
