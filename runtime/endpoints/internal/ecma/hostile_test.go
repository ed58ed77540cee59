package ecma_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"previewd/runtime/endpoints/internal/ecma"
	"previewd/runtime/endpoints/internal/route"
)

// TestHostile holds the front end to finding what is there beside what is made to exhaust it.
func TestHostile(t *testing.T) {
	const server = "const app = require('express')(); app.get('/ok', f); function f() {}\n"
	tests := map[string]string{
		"endless recursion":       "const g = () => g() + g(); g(); function h(n) { return [n, n].map(h) } h([]);",
		"endless loops":           "for (;;) { for (;;) { app.get('/ok', f) } } while (true) { while (true) { } }",
		"values in themselves":    "const a = []; a.push(a, a); app.get(a, a); app.use(a, a); const o = {}; for (let i = 0; i < 90; i++) o['k' + i] = o; app.post(o, o); `${a}`; Object.assign(o, o); const q = { ...o }; [...a, ...a];",
		"getters in circles":      "class A { get b() { return this.c } get c() { return this.b } } new A().b; app.use(new A().c);",
		"classes without end":     "class B { constructor() { this.b = new B() } } new B(); class C extends C {} class D extends (class extends B {}) { constructor() { super(new D()) } } new D();",
		"text that doubles":       "let s = 'x'; for (let i = 0; i < 300; i++) { s += s; s = `${s}${s}`; s = s.replace(/x/g, 'xx') } app.use(s, f);",
		"lists that double":       "let z = [1]; for (let i = 0; i < 300; i++) { z = [...z, ...z]; z = z.concat(z); z = z.flatMap((x) => z) }",
		"routers in circles":      "const R = require('express').Router; const rs = []; for (let i = 0; i < 40; i++) rs.push(R()); for (const x of rs) for (const y of rs) x.use('/x', y); app.use(rs);",
		"optional parts":          "app.post('" + strings.Repeat("/:a?", 60) + strings.Repeat("{", 90) + strings.Repeat("(", 90) + "', f);",
		"natives that call":       "const n = [].map; n.call(n, n); f.call.call(f.call, f.call); f.bind(f).bind(f)(f); Promise.resolve(app).then(app.then); [f].reduce(f.call, f);",
		"regular expressions":     "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.match(/^(a+)+$/); 'x'.split(/(?=x)/); 'x'.replace(/(?<n>x)\\1/, '');",
		"metadata and decorators": "Reflect.defineMetadata('a', app, undefined); Reflect.getMetadata(); Object.create(null).x; Object.fromEntries([[]]); new Map([[]]).forEach();",
		"numbers that are none":   "const nan = 0 / 0, inf = 1 / 0; for (const n of [nan, inf, -inf, -1, 1e300]) { 'x'.repeat(n); 'x'.padStart(n, 'yy'); [1].splice(n, n); [1].at(n); Array.from({ length: n }); 'x'.slice(n, n); 1 << n; n | n; [3, 1].sort(() => n) }",
		"lists that change":       "const l = [3, 1, 2]; l.sort((a, b) => { l.push(a); l.splice(0, 1); return l.sort(() => 1) && 1 }); l.forEach(() => l.pop()); for (const x of l) l.unshift(x); const st = new Set(l); st.forEach((x) => st.delete(x)); a: a: for (;;) { b: for (;;) { break a } continue b }",
		"no arguments at all":     "app.get(); app.use(); app.route(); app.all(null, null); require(); require(''); Object.keys(); Array.from(); JSON.parse(); new URL(); ''.replace(); ''.split(); [].join.call(); Object.defineProperty(); setTimeout(); new Promise(); String(); parseInt();",
	}
	for name, source := range tests {
		t.Run(name, func(t *testing.T) {
			found := routesOf(t, fstest.MapFS{"a.js": {Data: []byte(server + source + "\napp.listen(1);")}})
			if !has(found, "GET /ok") {
				t.Errorf("GET /ok is missing of %d", len(found))
			}
		})
	}
}

// TestHostileModules is TestHostile with many files.
func TestHostileModules(t *testing.T) {
	files := fstest.MapFS{
		"a.js": {Data: []byte("import * as b from './b.js'; import express from 'express'; const app = express(); app.get('/ok', () => {}); b.x; b.y; b.default; b.z;")},
		"b.js": {Data: []byte("export { x, default } from './c.js'; export * from './c.js'; import { l } from './c.js'; export { l as y };")},
		"c.js": {Data: []byte("export { x, default } from './b.js'; export * from './b.js'; import { y } from './b.js'; export { y as l }; export * as z from './c.js';")},
		"d.js": {Data: []byte(strings.Repeat("[", 5000))},
		"e.js": {Data: []byte("\xff\xfe\x00\x01\x80" + strings.Repeat("\xc3\x28(", 100))},
	}
	chain := 3000
	for i := range chain {
		files[fmt.Sprintf("chain/m%d.js", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "require('./m%d'); module.exports = 1;", i+1)}
	}
	files["a.js"].Data = append(files["a.js"].Data, []byte("require('./chain/m0'); require('./d'); require('./e');")...)
	if found := routesOf(t, files); !has(found, "GET /ok") {
		t.Errorf("GET /ok is missing of %d", len(found))
	}
}

// TestCancelled ends at once when nobody waits any more.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := projectOf(fstest.MapFS{"package.json": {Data: []byte(`{"main": "a.js"}`)}, "a.js": {Data: []byte("for (;;) {}")}})
	if found := ecma.Routes(ctx, p); len(found) != 0 {
		t.Errorf("found %v", found)
	}
}

func routesOf(t *testing.T, files fstest.MapFS) []route.Endpoint {
	t.Helper()
	files["package.json"] = &fstest.MapFile{Data: []byte(`{"main": "a.js", "dependencies": {"express": "4"}}`)}
	p := projectOf(files)
	var found []route.Endpoint
	p.Guard("", func() { found = ecma.Routes(t.Context(), p) })
	for _, w := range p.Warnings() {
		if strings.HasPrefix(w.Message, "not understood") {
			t.Errorf("panic: %s", w.Message)
		}
	}
	return found
}

func has(found []route.Endpoint, want string) bool {
	for _, e := range found {
		if e.Method+" "+e.Path == want {
			return true
		}
	}
	return false
}
