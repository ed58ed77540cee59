package python

import (
	"context"
	"fmt"
	"sync"

	"previewd/runtime/endpoints/internal/project"
	"previewd/runtime/endpoints/internal/syntax"
)

// Bounds on what is executed: projects are made by strangers, and may loop.
const (
	maxSteps      = 4_000_000
	maxCalls      = 60  // nested
	maxRecursion  = 3   // of one function in itself
	maxExpression = 200 // nested
	maxIterations = 500 // of one loop
	maxElements   = 20_000
	maxText       = 16 << 10
)

// interpreter executes a project's modules, as far as their effect on routes goes: names, strings, collections, calls,
// classes, imports. Frameworks are known by what their names do (natives); what else comes from outside of the project is
// not known and does nothing. Where a condition is not known both branches are taken.
type interpreter struct {
	ctx          context.Context //nolint:containedctx // lives as long as the one call it belongs to
	project      *project.Project
	modules      map[string]*module // by file, or by folder of a package without one
	folders      map[string]bool
	natives      natives
	python       func() *syntax.Language // for types in strings
	steps        int
	makes        map[value]bool // functions and classes that make an app
	calls        int
	expression   int
	active       map[syntax.Node]int
	apps         []*object // in the order of their making
	served       []value   // passed to a server's run
	includedURLs map[*module]bool
	settings     *module // Django's
}

// exhausted ends an execution that goes on for too long.
type exhausted struct{}

func newInterpreter(ctx context.Context, p *project.Project) *interpreter {
	in := &interpreter{
		ctx: ctx, project: p, python: sync.OnceValue(syntax.Python), modules: map[string]*module{}, includedURLs: map[*module]bool{}, makes: map[value]bool{}, folders: map[string]bool{}, active: map[syntax.Node]int{},
	}
	in.natives = in.knownNatives()
	in.findFolders()
	return in
}

func (in *interpreter) step() { in.charge(1) }

// charge counts what work costs, so that a short program cannot make much of it: a step for a node, an element, a hundred bytes.
func (in *interpreter) charge(steps int) {
	before := in.steps
	in.steps += steps
	if in.steps > maxSteps || in.steps/1024 != before/1024 && in.ctx.Err() != nil {
		panic(exhausted{})
	}
}

// guard runs do; what goes wrong in it costs no more than do.
func (in *interpreter) guard(file string, do func()) {
	calls, expression := in.calls, in.expression
	defer func() {
		in.calls, in.expression = calls, expression
		switch cause := recover().(type) {
		case nil:
		case exhausted:
			if in.ctx.Err() == nil {
				in.project.Warn(file, 0, "executed in part: it takes too long")
			}
		default:
			in.project.Warn(file, 0, fmt.Sprintf("not understood: %v", cause))
		}
	}()
	do()
}
