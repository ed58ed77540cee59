package golang

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// program is a project's Go code, as far as it is needed.
type program struct {
	set     *token.FileSet
	modules []module
	pkgs    map[string]*pkg // by folder
	inOrder []*pkg          // the same, sorted

	frameworks         []*framework
	byPath             map[string]*framework
	http, any, gorilla *framework
}

// pkg is the code of one folder.
type pkg struct {
	dir, path string
	name      string
	sources   []source
	imports   []string // paths
	files     []*file
	parsed    sync.Once

	funcs map[string]*function
	types map[string]*named
	order []*named // the same, as written
	vars  map[string]*global
	inits []*function
}

// source is a file before it is parsed.
type source struct {
	name string
	data []byte
}

// file is a parsed file.
type file struct {
	pkg     *pkg
	name    string
	ast     *ast.File
	imports map[string]string // name to path
	dots    []string          // paths imported with a dot
}

// named is a type the project declares.
type named struct {
	pkg     *pkg
	file    *file
	spec    *ast.TypeSpec
	methods map[string]*function
}

// global is a variable or constant of a package.
type global struct {
	file  *file
	spec  *ast.ValueSpec
	index int
	iota  int64
	typ   ast.Expr // constants repeat the type and values before them
	exprs []ast.Expr
	konst bool
	cell  *cell
	busy  bool
}

// newProgram sorts files into packages. Only their imports are read.
func newProgram(sources []source, mods []source) *program {
	p := &program{set: token.NewFileSet(), modules: modulesOf(mods), pkgs: map[string]*pkg{}}
	p.learnFrameworks()
	for _, src := range sources {
		if !buildable(src) {
			continue
		}
		head, _ := parser.ParseFile(token.NewFileSet(), src.name, src.data, parser.ImportsOnly|parser.SkipObjectResolution)
		if head == nil || head.Name == nil {
			continue
		}
		p.add(src, head)
	}
	return p
}

func (p *program) add(src source, head *ast.File) {
	dir := path.Dir(src.name)
	of := p.pkgs[dir]
	if of == nil {
		of = &pkg{dir: dir, path: p.importPath(dir), name: head.Name.Name}
		p.pkgs[dir] = of
	}
	if of.name != head.Name.Name {
		return // a stray file; the compiler would refuse the folder
	}
	of.sources = append(of.sources, src)
	for _, spec := range head.Imports {
		if to, err := strconv.Unquote(spec.Path.Value); err == nil && !slices.Contains(of.imports, to) {
			of.imports = append(of.imports, to)
		}
	}
}

// mains are the folders of programs. Examples and tools beside the real thing only count when there is nothing else.
func (p *program) mains() []*pkg {
	var served, aside []*pkg
	for _, of := range p.sorted() {
		switch {
		case of.name != "main":
		case isAside(of.dir):
			aside = append(aside, of)
		default:
			served = append(served, of)
		}
	}
	if len(served) > 0 {
		return served
	}
	return aside
}

func (p *program) sorted() []*pkg {
	if p.inOrder != nil {
		return p.inOrder
	}
	all := make([]*pkg, 0, len(p.pkgs))
	for _, of := range p.pkgs {
		all = append(all, of)
	}
	slices.SortFunc(all, func(a, b *pkg) int { return strings.Compare(a.dir, b.dir) })
	p.inOrder = all
	return all
}

// isAside says whether a folder holds what shows the project rather than is it.
func isAside(dir string) bool {
	for part := range strings.SplitSeq(dir, "/") {
		switch strings.TrimLeft(part, "_") {
		case "example", "examples", "demo", "demos", "sample", "samples", "docs", "doc", "hack", "test", "tests", "mock", "mocks", "benchmark", "benchmarks", "e2e":
			return true
		}
	}
	return false
}

// reach lists the packages a program is made of, imported ones first.
func (p *program) reach(from *pkg) []*pkg {
	var order []*pkg
	seen := map[*pkg]bool{}
	var visit func(of *pkg)
	visit = func(of *pkg) {
		if seen[of] {
			return
		}
		seen[of] = true
		for _, to := range of.imports {
			if next := p.imported(to); next != nil {
				visit(next)
			}
		}
		order = append(order, of)
	}
	visit(from)
	return order
}

// imported is the project's own package of a path, or nil.
func (p *program) imported(to string) *pkg {
	for _, m := range p.modules {
		if dir, ok := m.folder(to); ok && p.pkgs[dir] != nil {
			return p.pkgs[dir]
		}
	}
	return nil
}
