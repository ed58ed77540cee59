package ecma_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"previewd/runtime/endpoints/internal/ecma"
)

// BenchmarkRoutes reads an app of a thousand files, the routes of which are spread over all of them.
func BenchmarkRoutes(b *testing.B) {
	files := fstest.MapFS{"package.json": {Data: []byte(`{"main": "app.js", "dependencies": {"express": "4"}}`)}}
	var app strings.Builder
	app.WriteString("const express = require('express');\nconst app = express();\n")
	for i := range 333 {
		fmt.Fprintf(&app, "app.use('/r%d', require('./routes/r%d'));\n", i, i)
		files[fmt.Sprintf("routes/r%d.js", i)] = &fstest.MapFile{Data: fmt.Appendf(nil,
			"const router = require('express').Router();\nconst c = require('../controllers/c%d');\nrouter.get('/', c.list).post('/', c.create);\nrouter.get('/:id', c.read);\nmodule.exports = router;\n", i)}
		files[fmt.Sprintf("controllers/c%d.js", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "const s = require('../services/s%d');\n%s", i, body("s"))}
		files[fmt.Sprintf("services/s%d.js", i)] = &fstest.MapFile{Data: []byte(body("db"))}
	}
	app.WriteString("app.listen(3000);\n")
	files["app.js"] = &fstest.MapFile{Data: []byte(app.String())}
	b.ReportAllocs()
	for b.Loop() {
		if found := ecma.Routes(b.Context(), projectOf(files)); len(found) != 999 {
			b.Fatalf("%d endpoints", len(found))
		}
	}
}

func body(store string) string {
	var out strings.Builder
	for _, name := range []string{"list", "create", "read", "update", "remove"} {
		fmt.Fprintf(&out, "exports.%s = async (req, res, next) => {\n  try {\n    const { page, limit = 10 } = req.query;\n    const found = await %s.%s({ page, limit, id: req.params.id });\n    if (!found) return res.status(404).json({ message: 'not found' });\n    res.json({ data: found.map((x) => ({ ...x, at: new Date() })) });\n  } catch (error) { next(error); }\n};\n", name, store, name)
	}
	return out.String()
}
