package golang

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// load parses a package and notes what it declares. What cannot be parsed is left out; the rest counts.
func (p *program) load(of *pkg) {
	of.parsed.Do(func() {
		of.funcs, of.types, of.vars = map[string]*function{}, map[string]*named{}, map[string]*global{}
		for _, src := range of.sources {
			tree, _ := parser.ParseFile(p.set, src.name, src.data, parser.ParseComments|parser.SkipObjectResolution)
			if tree == nil {
				continue
			}
			f := &file{pkg: of, name: src.name, ast: tree, imports: map[string]string{}}
			p.imports(f)
			of.files = append(of.files, f)
		}
		for _, f := range of.files {
			for _, decl := range f.ast.Decls {
				if gen, ok := decl.(*ast.GenDecl); ok {
					f.declare(gen)
				}
			}
		}
		for _, f := range of.files {
			for _, decl := range f.ast.Decls {
				if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil {
					f.function(fn)
				}
			}
		}
	})
}

var major = regexp.MustCompile(`^v[0-9]+$`)

// imports notes the names of imported packages. A name that is not given is guessed from the path as the world spells paths.
func (p *program) imports(f *file) {
	for _, spec := range f.ast.Imports {
		to, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		name := p.nameOf(to)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		switch {
		case name != ".":
			f.imports[name] = to
		case p.imported(to) != nil:
			f.dots = slices.Insert(f.dots, 0, to) // before those of which nobody knows what they declare
		default:
			f.dots = append(f.dots, to)
		}
	}
}

func (p *program) nameOf(to string) string {
	if own := p.imported(to); own != nil {
		return own.name
	}
	base := path.Base(to)
	if major.MatchString(base) {
		base = path.Base(path.Dir(to))
	}
	base, _, _ = strings.Cut(base, ".v")
	base = strings.TrimPrefix(base, "go-")
	base = strings.TrimSuffix(strings.TrimSuffix(base, ".go"), "-go")
	return strings.ReplaceAll(base, "-", "_")
}

func (f *file) declare(gen *ast.GenDecl) {
	var typ ast.Expr
	var exprs []ast.Expr
	for i, spec := range gen.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			f.pkg.types[s.Name.Name] = &named{pkg: f.pkg, file: f, spec: s, methods: map[string]*function{}}
		case *ast.ValueSpec:
			if gen.Tok != token.CONST || len(s.Values) > 0 {
				typ, exprs = s.Type, s.Values
			}
			for j, name := range s.Names {
				g := &global{file: f, spec: s, index: j, iota: int64(i), typ: typ, exprs: exprs, konst: gen.Tok == token.CONST}
				key := name.Name
				if key == "_" {
					key = "_" + f.name + strconv.Itoa(int(name.Pos()))
				}
				f.pkg.vars[key] = g
			}
		}
	}
}

func (f *file) function(fn *ast.FuncDecl) {
	made := &function{name: fn.Name.Name, decl: fn, file: f}
	switch {
	case fn.Recv != nil:
		if base := receiverType(fn); f.pkg.types[base] != nil {
			f.pkg.types[base].methods[fn.Name.Name] = made
		}
	case fn.Name.Name == "init":
		f.pkg.inits = append(f.pkg.inits, made)
	default:
		f.pkg.funcs[fn.Name.Name] = made
	}
}

// receiverType is the name of the type whose method it is.
func receiverType(fn *ast.FuncDecl) string {
	if len(fn.Recv.List) == 0 {
		return ""
	}
	expr := fn.Recv.List[0].Type
	for {
		switch e := expr.(type) {
		case *ast.StarExpr:
			expr = e.X
		case *ast.ParenExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.IndexListExpr:
			expr = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}
