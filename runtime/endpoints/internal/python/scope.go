package python

// scope maps names to values. A class's scope is not seen by the functions inside.
type scope struct {
	vars    map[string]value
	parent  *scope
	class   bool
	globals map[string]bool // declared global or nonlocal
}

func newScope(parent *scope) *scope { return &scope{vars: map[string]value{}, parent: parent} }

// lookup finds a name here or in what encloses it.
func (s *scope) lookup(name string) (value, bool) {
	for at := s; at != nil; at = at.parent {
		if at.class && at != s {
			continue
		}
		if v, ok := at.vars[name]; ok {
			return v, true
		}
	}
	return nil, false
}

// owner is the scope that an assignment to name goes to.
func (s *scope) owner(name string) *scope {
	if !s.globals[name] {
		return s
	}
	for at := s.parent; at != nil; at = at.parent {
		if _, ok := at.vars[name]; ok || at.parent == nil {
			return at
		}
	}
	return s
}

// frame is one execution: of a module, a class's body or a function.
type frame struct {
	module *module
	scope  *scope
	fn     *function
	class  *class // whose body is executed

	returns []value
	yields  []value
	weak    int // inside of a fallback: what is known already stays
	maybe   int // inside of a branch that may not be taken
}

// set binds a name. In a branch that may not be taken, what is not known does not hide what is.
func (f *frame) set(name string, v value) {
	owner := f.scope.owner(name)
	if old, bound := owner.vars[name]; bound && !isNothing(old) {
		if f.weak > 0 || f.maybe > 0 && v == nil {
			return
		}
	}
	owner.vars[name] = v
}

func isNothing(v value) bool {
	_, isNone := v.(none)
	return v == nil || isNone
}
