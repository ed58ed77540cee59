package python

import (
	"slices"

	"previewd/runtime/endpoints/internal/syntax"
)

func (in *interpreter) ifStatement(f *frame, n syntax.Node) flow {
	is, known := in.condition(f, n.Field("condition"))
	if known && is {
		return in.block(f, n.Field("consequence"))
	}
	ends := []flow{}
	if !known {
		in.maybe(f, func() { ends = append(ends, in.block(f, n.Field("consequence"))) })
	}
	return in.alternatives(f, n.Fields("alternative"), ends)
}

// alternatives goes through elif and else. ends are those of the branches that were taken though they may not be.
func (in *interpreter) alternatives(f *frame, clauses []syntax.Node, ends []flow) flow {
	run := func(body syntax.Node) {
		if len(ends) == 0 {
			ends = append(ends, in.block(f, body))
			return
		}
		in.fallback(f, func() { ends = append(ends, in.block(f, body)) })
	}
	for _, clause := range clauses {
		if clause.Is("else_clause") {
			sure := len(ends) == 0
			run(clause.Field("body"))
			return joined(ends, sure || len(ends) > 1)
		}
		is, known := in.condition(f, clause.Field("condition"))
		if known && !is {
			continue
		}
		if known {
			run(clause.Field("consequence"))
			return joined(ends, true)
		}
		in.maybe(f, func() { ends = append(ends, in.block(f, clause.Field("consequence"))) })
	}
	return onward
}

// joined is how branches end together: only when all of them leave does what follows not happen.
func joined(ends []flow, complete bool) flow {
	if !complete || len(ends) == 0 {
		return onward
	}
	if slices.Contains(ends, onward) {
		return onward
	}
	return ends[0]
}

// condition is what a condition is known to be. The program is the one that is started, and the checker of types sees
// no more than it.
func (in *interpreter) condition(f *frame, n syntax.Node) (is, known bool) {
	return truth(in.eval(f, n))
}

func (in *interpreter) forStatement(f *frame, n syntax.Node) flow {
	over := in.eval(f, n.Field("right"))
	elements, known := in.elements(over)
	if !known {
		in.assign(f, n.Field("left"), nil)
		in.maybe(f, func() { in.block(f, n.Field("body")) })
		return onward
	}
	for i, item := range elements {
		if i >= maxIterations {
			break
		}
		in.assign(f, n.Field("left"), item)
		switch in.block(f, n.Field("body")) {
		case returned:
			return returned
		case raised:
			return raised
		case broken:
			return onward
		}
	}
	return onward
}

func (in *interpreter) tryStatement(f *frame, n syntax.Node) flow {
	end := in.block(f, n.Field("body"))
	for clause := range n.Children() {
		switch {
		case clause.Is("except_clause", "except_group_clause"):
			in.fallback(f, func() { in.block(f, clause.Child("block")) })
		case clause.Is("else_clause"):
			if after := in.block(f, clause.Field("body")); end == onward {
				end = after
			}
		case clause.Is("finally_clause"):
			in.block(f, clause.Child("block"))
		}
	}
	if end == raised {
		return onward
	}
	return end
}

func (in *interpreter) withStatement(f *frame, n syntax.Node) flow {
	for item := range n.Child("with_clause").Children() {
		v := item.Field("value")
		if !v.Is("as_pattern") {
			in.eval(f, v)
			continue
		}
		in.eval(f, v)
	}
	return in.block(f, n.Field("body"))
}

// asPattern is value as name, in a with statement.
func (in *interpreter) asPattern(f *frame, n syntax.Node) value {
	var entered value
	for c := range n.Children() {
		switch {
		case c.Is("as_pattern_target"):
			for target := range c.Children() {
				in.assign(f, target, entered)
			}
		case !c.Is("as", "comment"):
			entered = in.eval(f, c)
			if l, ok := entered.(*list); ok && l.generator && len(l.items) > 0 {
				entered = l.items[0]
			}
		}
	}
	return entered
}

func (in *interpreter) matchStatement(f *frame, n syntax.Node) {
	for clause := range n.Field("body").Children() {
		if clause.Is("case_clause") {
			in.maybe(f, func() { in.block(f, clause.Field("consequence")) })
		}
	}
}
