package eval

import (
	"context"
	"io/fs"

	"previewd/runtime/endpoints/internal/ecma/ast"
)

// Limits of one evaluation: beyond them values are Unknown.
const (
	maxSteps   = 3_000_000
	maxNesting = 3_000 // of evaluations within evaluations: a Go stack that overflows cannot be caught
	maxCalls   = 120
	maxReentry = 6
	maxLoop    = 400
	maxText    = 1 << 16
	maxItems   = 20_000
)

// Files is the project as the evaluator sees it. Paths are slash-separated and relative to the root.
type Files interface {
	IsFile(name string) bool
	IsDir(name string) bool
	ReadDir(name string) []fs.DirEntry
	Read(name string) ([]byte, error)
	Parse(name string) *ast.File // nil when it cannot be
}

// Packages gives what a package exports, or nil when the host has no idea of it.
type Packages func(m *Machine, name string) Value

// Machine runs programs.
type Machine struct {
	Files    Files
	Packages Packages
	Globals  map[string]Value
	Env      map[string]string
	Warn     func(file, message string)
	State    any // the host's

	ctx      context.Context
	resolver *Resolver
	modules  map[string]*Module
	packages map[string]Value
	single   map[*Class]Value // instances made by injection
	metadata map[any]map[string]map[string]Value
	cwd      string
	active   map[*ast.Node]int
	labels   map[*ast.Node]string // of statements
	target   string               // the label that a break or continue names
	deferred []*Module
	steps    int
	nesting  int
	calls    int
	spent    bool
}

// New is a machine for the project.
func New(ctx context.Context, files Files, resolver *Resolver, packages Packages) *Machine {
	return &Machine{
		Files: files, Packages: packages, Globals: map[string]Value{}, Env: map[string]string{},
		Warn: func(string, string) {}, ctx: ctx, resolver: resolver,
		modules: map[string]*Module{}, packages: map[string]Value{}, single: map[*Class]Value{},
		metadata: map[any]map[string]map[string]Value{}, active: map[*ast.Node]int{},
		labels: map[*ast.Node]string{},
	}
}

// Spent reports whether the budget of steps was used up: what was found until then is not all.
func (m *Machine) Spent() bool { return m.spent }

// enter counts a step; false means that there is nothing left to spend.
func (m *Machine) enter() bool {
	m.steps++
	m.nesting++
	if m.steps > maxSteps || m.steps&0xfff == 0 && m.ctx.Err() != nil {
		m.spent = true
	}
	return !m.spent && m.nesting < maxNesting
}

// leave ends what enter began, whatever that said.
func (m *Machine) leave() { m.nesting-- }

// spend counts the steps of work on something long.
func (m *Machine) spend(size int) { m.steps += size / 8 }

// Step counts a step of the host's; false means that there is nothing left to spend.
func (m *Machine) Step() bool {
	ok := m.enter()
	m.leave()
	return ok
}
