package golang

import (
	"context"
	"go/ast"
)

// interp runs a project's code as far as routes depend on it. What is not known it does without: of a condition that cannot be
// decided both branches run, a loop over what is not known runs once, code outside of the project does nothing.
type interp struct {
	ctx    context.Context //nolint:containedctx // an interpreter lives for one extraction
	prog   *program
	keen   map[string]bool // names of functions that may lead to routes
	steps  int
	limit  int
	depth  int
	active map[ast.Node]int // calls that have not returned, by function

	doubt   int      // branches entered that may not be taken
	changes []change // assignments made in them

	mux       *node // the default one of net/http
	roots     []*node
	singles   map[*framework]*node // the router that is meant where only its type is known
	instances map[*named]*cell     // likewise of the project's own types
	escaped   []*function          // given to code outside of the project, which may call them
	sites     []callSite           // calls under way
	named     string               // the label before the statement that comes
	label     string               // what the newest break or continue leaves, if it says so
	statement *ast.CallExpr        // the call that is a statement of its own
	ran       map[ast.Node]bool
	given     map[ast.Node]bool // functions that were escaped
	loaded    map[*pkg]bool
	answers   map[question][]*named
	effects   int              // routers and routes made, and functions given away
	duds      map[ast.Node]int // calls of functions that had no effect
}

// change is an assignment in a branch that may not be taken.
type change struct {
	at  *cell
	old value
}

const (
	maxSteps  = 12_000_000
	maxDepth  = 120
	maxAgain  = 4    // a function inside itself
	idleSteps = 1500 // of a call that cannot lead to a route
	maxDuds   = 2    // calls of a function without an effect, after which the next ones are worth less
	dudSteps  = 300  // of these
	maxItems  = 5000 // of a list or of a loop
)

func newInterp(ctx context.Context, p *program) *interp {
	return &interp{
		ctx: ctx, prog: p, limit: maxSteps, active: map[ast.Node]int{}, singles: map[*framework]*node{},
		instances: map[*named]*cell{}, ran: map[ast.Node]bool{}, given: map[ast.Node]bool{}, loaded: map[*pkg]bool{},
		answers: map[question][]*named{}, duds: map[ast.Node]int{},
	}
}

// frame is one call.
type frame struct {
	fn      *function
	file    *file
	results value
	done    bool // results were set
}

// flow is how a statement ends.
type flow int

const (
	goesOn flow = iota
	breaks
	continues
	returns
)

// spent says whether the budget is used up, and counts.
func (in *interp) spent() bool {
	in.steps++
	if in.steps&1023 == 0 && in.ctx.Err() != nil {
		in.limit = 0
	}
	return in.steps > in.limit
}

// run starts one program: its packages' variables and init functions in order, then main.
func (in *interp) run(main *pkg) {
	for _, of := range in.prog.reach(main) {
		in.start(of)
	}
	if fn := main.funcs["main"]; fn != nil {
		in.call(fn, nil)
	}
	in.drain()
}

func (in *interp) start(of *pkg) {
	if in.loaded[of] {
		return
	}
	in.loaded[of] = true
	in.prog.load(of)
	for _, g := range of.globals() {
		if !g.konst && in.calls(g) {
			in.global(g)
		}
	}
	for _, fn := range of.inits {
		in.call(fn, nil)
	}
}

// drain calls what was given away. Calls may give away more.
func (in *interp) drain() {
	for round := 0; len(in.escaped) > 0 && round < maxItems; round++ {
		fn := in.escaped[0]
		in.escaped = in.escaped[1:]
		if node := fn.node(); !in.ran[node] {
			in.ran[node] = true
			in.call(fn, nil)
		}
	}
}

// escape notes the functions in a value that code outside of the project was given.
func (in *interp) escape(v value, depth int) {
	if depth > 4 {
		return
	}
	switch v := target(v).(type) {
	case *function:
		if node := v.node(); (v.lit != nil || in.isKeen(v)) && !in.given[node] {
			in.given[node] = true
			in.effects++
			in.escaped = append(in.escaped, v)
		}
	case *list:
		for _, c := range v.items {
			in.escape(c.v, depth+1)
		}
	case *object:
		for _, c := range v.fields {
			in.escape(c.v, depth+1)
		}
	}
}

// perhaps runs code that may not run in fact. Of what it assigns only that stays which is known better than what was there before.
func (in *interp) perhaps(do func() flow) flow {
	mark := len(in.changes)
	in.doubt++
	end := do()
	in.doubt--
	first := map[*cell]value{}
	for _, c := range in.changes[mark:] {
		if _, ok := first[c.at]; !ok {
			first[c.at] = c.old
		}
	}
	for at, old := range first {
		in.settle(at, old)
	}
	if in.doubt == 0 {
		in.changes = in.changes[:0]
	}
	return end
}

func (in *interp) settle(at *cell, old value) {
	was, ok := old.(boolean)
	if now, isBool := at.v.(boolean); ok && (!isBool || now != was) {
		at.v = nil
		return
	}
	if !better(old, at.v) {
		at.v = old
	}
}

// set assigns.
func (in *interp) set(at *cell, v value) {
	if at == nil {
		return
	}
	if in.doubt > 0 {
		in.changes = append(in.changes, change{at, at.v})
	}
	at.v = copied(v)
}
