package ecma

import (
	"io/fs"
	"path"
	"regexp"
	"strings"

	"previewd/runtime/endpoints/internal/ecma/ast"
	"previewd/runtime/endpoints/internal/ecma/eval"
	"previewd/runtime/endpoints/internal/ecma/folders"
	"previewd/runtime/endpoints/internal/route"
)

// folders reads the frameworks that route by the names of files.
func (s *search) folders(p *eval.Package, dir string, sources []string) []route.Endpoint {
	if p == nil {
		return nil
	}
	in := folders.Project{
		Dir: dir, Names: sources,
		Uses: func(dependency string) bool { return p.Dependencies[dependency] },
		Has: func(file string) bool {
			_, err := fs.Stat(s.files.project.FS, path.Join(dir, file))
			return err == nil
		},
		Exports: func(name string) []string { return s.exports(name, 0) },
		Config:  func(stems []string, property ...string) string { return s.config(dir, stems, property) },
		Serves: func(name string) bool {
			source, err := s.files.Read(name)
			return err == nil && looksLikeServer.Match(source)
		},
	}
	var found []route.Endpoint
	for _, r := range folders.Routes(in) {
		e := route.Endpoint{Path: r.Path, Method: r.Method, Source: route.Source{File: r.File, Line: s.exportLine(r.File, r.Method)}}
		pathParameters(&e)
		found = append(found, e)
	}
	return found
}

// exports are the names that a source exports, with those that it hands on from others.
func (s *search) exports(name string, depth int) []string {
	file := s.files.Parse(name)
	if file == nil || depth > 8 {
		return nil
	}
	var names []string
	for _, n := range file.Root.Kids {
		switch {
		case n.Kind == "expression_statement" && strings.HasPrefix(string(file.Source[n.Start:n.End]), "module.exports"):
			names = append(names, "default")
		case n.Kind != "export_statement" || n.Has("type"):
		case n.Has("*") && n.Get("source") != nil:
			if target, ok := s.resolver.Resolve(name, n.Get("source").Name()); ok {
				names = append(names, s.exports(target, depth+1)...)
			}
		default:
			names = append(names, exportedNames(n)...)
		}
	}
	return names
}

func exportedNames(n *ast.Node) []string {
	var names []string
	if n.Has("default") {
		return []string{"default"}
	}
	if clause := n.Find("export_clause"); clause != nil {
		for _, spec := range clause.Kids {
			if spec.Has("type") {
				continue
			}
			if alias := spec.Get("alias"); alias != nil {
				names = append(names, alias.Name())
			} else {
				names = append(names, spec.Get("name").Name())
			}
		}
		return names
	}
	declaration := n.Get("declaration")
	if declaration == nil {
		return nil
	}
	names = append(names, declaration.Get("name").Name())
	for _, declarator := range declaration.Kids {
		if declarator.Kind != "variable_declarator" {
			continue
		}
		declarator.Get("name").Walk(func(n *ast.Node) bool {
			names = append(names, n.Name())
			return n.Field != "right"
		})
	}
	return names
}

// exportLine is where a source exports the function of the method.
func (s *search) exportLine(name, method string) int {
	file := s.files.Parse(name)
	if file == nil {
		return 1
	}
	for _, n := range file.Root.Kids {
		if n.Kind != "export_statement" {
			continue
		}
		for _, exported := range exportedNames(n) {
			if exported == method || method == "*" && (exported == "default" || exported == "ALL" || exported == "fallback" || exported == "action") || exported == "loader" {
				return n.Line
			}
		}
	}
	return 1
}

// config is a text in a configuration file: evaluated, or, when a plugin wraps it, as it is written.
func (s *search) config(dir string, stems, property []string) string {
	for _, stem := range stems {
		for _, ext := range ast.Extensions() {
			name := path.Join(dir, stem+ext)
			if !s.files.IsFile(name) {
				continue
			}
			m := s.machine(dir)
			v := m.ConfigOf(name)
			for _, key := range property {
				if eval.IsUnknown(v) {
					break
				}
				v = m.Get(v, key)
			}
			if text, ok := eval.Text(v); ok {
				return eval.FillHoles(text, func(string) string { return "" })
			}
			source, err := s.files.Read(name)
			written := regexp.MustCompile(`\b` + property[len(property)-1] + `:\s*['"]([^'"]*)['"]`)
			if found := written.FindSubmatch(source); err == nil && found != nil {
				return string(found[1])
			}
		}
	}
	return ""
}
