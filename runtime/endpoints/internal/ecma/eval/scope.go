package eval

// ref is a variable.
type ref struct {
	value Value
	get   func() Value // an import: looked up when used, so that cycles work and unused modules are not read
}

func (r *ref) read() Value {
	if r.get != nil {
		return r.get()
	}
	return r.value
}

type scope struct {
	parent *scope
	names  map[string]*ref
	fn     *frame
	mod    *Module
}

func (s *scope) child() *scope { return &scope{parent: s, fn: s.fn, mod: s.mod} }

func (s *scope) declare(name string, v Value) {
	if s.names == nil {
		s.names = map[string]*ref{}
	}
	s.names[name] = &ref{value: v}
}

func (s *scope) declareLazy(name string, get func() Value) {
	if s.names == nil {
		s.names = map[string]*ref{}
	}
	s.names[name] = &ref{get: get}
}

func (s *scope) find(name string) *ref {
	for ; s != nil; s = s.parent {
		if r, ok := s.names[name]; ok {
			return r
		}
	}
	return nil
}

// frame is one run of a function or module.
type frame struct {
	fn     *Func
	args   []Value
	result Value
	unsure int // how many conditions around us are not known
}

// give notes a value that the function may return. A known one is never replaced by an unknown one.
func (f *frame) give(v Value) {
	if f.result == nil || isNullish(f.result) || IsUnknown(f.result) || !isNullish(v) && !IsUnknown(v) {
		f.result = v
	}
}
