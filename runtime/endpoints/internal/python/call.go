package python

import (
	"strings"

	"previewd/runtime/endpoints/internal/syntax"
)

func (in *interpreter) callExpression(f *frame, n syntax.Node) value {
	callee := n.Field("function")
	if callee.Is("identifier") && callee.Text() == "super" {
		if _, shadowed := f.scope.lookup("super"); !shadowed {
			return in.superOf(f)
		}
	}
	fn := in.eval(f, callee)
	a := in.arguments(f, n)
	v := in.call(fn, a)
	if given, ok := fallbackOf(callee, a); ok && (fn == nil || isOutside(fn)) {
		return given
	}
	return v
}

// fallbackOf is the default that a look-up in unknown settings is given: settings.get("BASE_PATH", "/"), config.getint("a", fallback=1).
func fallbackOf(callee syntax.Node, a args) (value, bool) {
	if !callee.Is("attribute") || !strings.HasPrefix(callee.Field("attribute").Text(), "get") {
		return nil, false
	}
	for _, name := range []string{"default", "fallback"} {
		if v, ok := a.named[name]; ok {
			return v, true
		}
	}
	if len(a.positional) == 2 && callee.Field("attribute").Text() == "get" && comparesByValue(a.positional[0]) && comparesByValue(a.positional[1]) {
		return a.positional[1], true
	}
	return nil, false
}

func isOutside(v value) bool {
	_, ok := v.(*external)
	return ok
}

// arguments evaluates what is between the parentheses of a call or a class.
func (in *interpreter) arguments(f *frame, call syntax.Node) args {
	a := args{node: call, frame: f, named: map[string]value{}}
	list := call.Field("arguments")
	if list.Is("generator_expression") {
		a.positional = append(a.positional, in.eval(f, list))
		return a
	}
	for arg := range list.Children() {
		in.argument(f, &a, arg)
	}
	return a
}

func (in *interpreter) argument(f *frame, a *args, arg syntax.Node) {
	switch arg.Kind() {
	case "comment":
	case "keyword_argument":
		a.name(arg.Field("name").Text(), in.eval(f, arg.Field("value")))
	case "list_splat":
		for inner := range arg.Children() {
			elements, _ := in.elements(in.eval(f, inner))
			a.positional = append(a.positional, elements...)
		}
	case "dictionary_splat":
		for inner := range arg.Children() {
			if more, ok := in.eval(f, inner).(*dict); ok {
				for _, k := range more.keys {
					if s, ok := k.(string); ok {
						a.name(s, more.values[k])
					}
				}
			}
		}
	default:
		a.positional = append(a.positional, in.eval(f, arg))
	}
}

func (a *args) name(name string, v value) {
	if _, ok := a.named[name]; !ok {
		a.order = append(a.order, name)
	}
	a.named[name] = v
}

// call calls a value.
func (in *interpreter) call(fn value, a args) value {
	in.step()
	switch fn := fn.(type) {
	case *function:
		return in.callFunction(fn, a)
	case *class:
		return in.instantiate(fn, a)
	case *external:
		return in.callExternal(fn.name, a)
	case *object:
		return in.callObject(fn, a)
	}
	if fn == nil {
		return passedOn(a)
	}
	return nil
}

// passedOn is what comes of a call of something unknown. Around a function, a class or a view it is taken for a decorator,
// which gives back what stands in its place.
func passedOn(a args) value {
	if len(a.positional) == 0 {
		return nil
	}
	switch v := a.positional[0].(type) {
	case *function:
		if v.native == nil {
			return v
		}
	case *class, *view:
		return v
	}
	return nil
}

func (in *interpreter) callObject(o *object, a args) value {
	if o.class != nil {
		if method, ok := o.class.member("__call__"); ok {
			if fn, ok := method.(*function); ok {
				return in.callFunction(fn.bind(o), a)
			}
		}
	}
	if o.native != nil && o.native.call != nil {
		return o.native.call(o, a)
	}
	if v := passedOn(a); v != nil {
		return v
	}
	return &object{kind: o.kind + "()", args: a, attrs: map[string]value{}}
}

func (in *interpreter) callFunction(fn *function, a args) value {
	if fn.self != nil && !fn.static {
		a.positional = append([]value{fn.self}, a.positional...)
	}
	if fn.native != nil {
		return fn.native(a)
	}
	if in.calls >= maxCalls || in.active[fn.node] >= maxRecursion {
		return nil
	}
	in.calls++
	in.active[fn.node]++
	defer func() {
		in.calls--
		in.active[fn.node]--
	}()
	*fn.calls++
	f := &frame{module: fn.module, scope: newScope(fn.closure), fn: fn}
	in.bindParameters(f, fn, a)
	body := fn.node.Field("body")
	if fn.node.Is("lambda") {
		return in.eval(f, body)
	}
	in.block(f, body)
	return unwrapped(result(f), f, a)
}

// unwrapped is what a decorator was called with, where it gives back a wrapper: that has the name, the words and the methods.
func unwrapped(v value, f *frame, a args) value {
	wrapper, ok := v.(*function)
	if !ok || wrapper.closure != f.scope || !wrapper.node.Field("parameters").Child("list_splat_pattern", "dictionary_splat_pattern").Valid() {
		return v
	}
	for _, given := range a.positional[:min(2, len(a.positional))] {
		switch given := given.(type) {
		case *function:
			if given.native == nil {
				return given
			}
		case *view:
			return given
		}
	}
	return v
}

// result is what a call came to: of several returns that may happen, the one that is known, the last one first.
func result(f *frame) value {
	if len(f.yields) > 0 {
		return &list{items: f.yields, generator: true}
	}
	for i := len(f.returns) - 1; i >= 0; i-- {
		if !isNothing(f.returns[i]) {
			return f.returns[i]
		}
	}
	if len(f.returns) > 0 {
		return f.returns[len(f.returns)-1]
	}
	return none{}
}

// bindParameters gives a function's parameters their values.
func (in *interpreter) bindParameters(f *frame, fn *function, a args) {
	position := 0
	used := map[string]bool{}
	for p := range fn.node.Field("parameters").Children() {
		switch p.Kind() {
		case "list_splat_pattern":
			f.scope.vars[p.Child("identifier").Text()] = &list{items: a.positional[min(position, len(a.positional)):]}
			position = len(a.positional)
		case "dictionary_splat_pattern":
			f.scope.vars[p.Child("identifier").Text()] = leftOver(a, used)
		case "identifier", "typed_parameter", "default_parameter", "typed_default_parameter":
			if splat := p.Child("list_splat_pattern", "dictionary_splat_pattern"); splat.Valid() {
				name := splat.Child("identifier").Text()
				if splat.Is("list_splat_pattern") {
					f.scope.vars[name] = &list{items: a.positional[min(position, len(a.positional)):]}
					position = len(a.positional)
				} else {
					f.scope.vars[name] = leftOver(a, used)
				}
				continue
			}
			name := parameterName(p)
			used[name] = true
			f.scope.vars[name] = in.parameterValue(f, p, name, a, position)
			position++
		}
	}
}

func (in *interpreter) parameterValue(f *frame, p syntax.Node, name string, a args, position int) value {
	if v, ok := a.named[name]; ok {
		return v
	}
	if position < len(a.positional) {
		return a.positional[position]
	}
	if def := p.Field("value"); def.Valid() {
		outer := *f
		outer.scope = f.scope.parent
		return in.eval(&outer, def)
	}
	return nil
}

func leftOver(a args, used map[string]bool) *dict {
	d := newDict()
	for _, name := range a.order {
		if !used[name] {
			d.set(name, a.named[name])
		}
	}
	return d
}

// parameterName is the name of a parameter, whatever form it has.
func parameterName(p syntax.Node) string {
	if p.Is("identifier") {
		return p.Text()
	}
	if name := p.Field("name"); name.Valid() {
		return name.Text()
	}
	return p.Child("identifier").Text()
}
