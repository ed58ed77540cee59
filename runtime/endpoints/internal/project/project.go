// Package project is what the front ends read: the files of a project that count, parsed once.
package project

import (
	"context"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"previewd/runtime/endpoints/internal/route"
	"previewd/runtime/endpoints/internal/syntax"
)

// Project is a folder of files, untrusted. Its methods may be used at once.
type Project struct {
	FS      fs.FS
	Names   []string // the source files that count, sorted
	Root    string   // folder of the app that is run, "." when not known
	Command string   // what starts the app, "" when not known

	languages map[string]func() *syntax.Language
	has       map[string]bool

	mu       sync.Mutex
	trees    map[string]*syntax.Tree
	warnings []route.Warning
}

// New makes a project of the files that count.
func New(fsys fs.FS, names []string) *Project {
	p := &Project{FS: fsys, Names: names, Root: ".", has: map[string]bool{}, trees: map[string]*syntax.Tree{}}
	for _, name := range names {
		p.has[name] = true
	}
	javascript, typescript, tsx := sync.OnceValue(syntax.JavaScript), sync.OnceValue(syntax.TypeScript), sync.OnceValue(syntax.TSX)
	p.languages = map[string]func() *syntax.Language{
		".py": sync.OnceValue(syntax.Python),
		".js": javascript, ".jsx": javascript, ".mjs": javascript, ".cjs": javascript,
		".ts": typescript, ".mts": typescript, ".cts": typescript, ".tsx": tsx,
	}
	return p
}

// Has reports whether name is a source file that counts.
func (p *Project) Has(name string) bool { return p.has[name] }

// Sources are the files that count with one of the extensions, such as ".py", sorted.
func (p *Project) Sources(extensions ...string) []string {
	var found []string
	for _, name := range p.Names {
		if slices.Contains(extensions, path.Ext(name)) {
			found = append(found, name)
		}
	}
	return found
}

// Read is the content of any file of the folder, such as package.json; at most syntax.MaxSource bytes. A source file that
// cannot be read is warned of.
func (p *Project) Read(name string) ([]byte, error) {
	data, err := read(p.FS, name)
	if err != nil && p.has[name] {
		p.Warn(name, 0, "not read: "+err.Error())
	}
	return data, err
}

// Tree is the syntax of a source file, nil where there is none. It is parsed on first use.
func (p *Project) Tree(ctx context.Context, name string) *syntax.Tree {
	p.mu.Lock()
	tree, done := p.trees[name]
	p.mu.Unlock()
	if done || !p.has[name] {
		return tree
	}
	tree = p.parse(ctx, name)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trees[name] = tree
	return tree
}

func (p *Project) parse(ctx context.Context, name string) *syntax.Tree {
	language := p.languages[path.Ext(name)]
	if language == nil || ctx.Err() != nil {
		return nil
	}
	source, err := p.Read(name)
	if err != nil {
		return nil
	}
	tree, err := language().Parse(ctx, source)
	if err != nil && ctx.Err() == nil {
		p.Warn(name, 0, err.Error())
	}
	return tree
}

// Warn notes what could not be read or followed.
func (p *Project) Warn(file string, line int, message string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.warnings = append(p.warnings, route.Warning{Source: route.Source{File: file, Line: line}, Message: message})
}

// Warnings are all that was warned of, sorted.
func (p *Project) Warnings() []route.Warning {
	p.mu.Lock()
	defer p.mu.Unlock()
	sorted := slices.Clone(p.warnings)
	slices.SortFunc(sorted, func(a, b route.Warning) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return strings.Compare(a.Message, b.Message)
	})
	return slices.Compact(sorted)
}
