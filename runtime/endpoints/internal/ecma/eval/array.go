package eval

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Items are the elements of what can be iterated over, and whether there may be more.
func (m *Machine) Items(v Value) ([]Value, bool) {
	switch v := v.(type) {
	case *Array:
		return v.Items, v.Open
	case *collection:
		return v.items(), false
	case Str:
		if strings.Contains(v.S, holeOpen) {
			return nil, true
		}
		chars, _ := splitText(v.S, Str{}).(*Array)
		return chars.Items, false
	case Undefined, Null, nil:
		return nil, false
	}
	return nil, true
}

func (m *Machine) arrayProperty(a *Array, name string) Value {
	if name == "length" {
		if a.Open {
			return &Unknown{Label: name}
		}
		return Number(len(a.Items))
	}
	if i, err := strconv.Atoi(name); err == nil {
		if i >= 0 && i < len(a.Items) {
			return a.Items[i]
		}
		if a.Open {
			return &Unknown{}
		}
		return Undefined{}
	}
	if method := arrayMethod(a, name); method != nil {
		return Native(name, method)
	}
	if method := arrayText(a, name); method != nil {
		return Native(name, method)
	}
	return &Unknown{Label: name}
}

// each calls the callback for every element; for an open array without any, once for an unknown one.
func (a *Array) each(c *Call, visit func(item, result Value) bool) {
	items := slices.Clone(a.Items)
	c.M.spend(len(items))
	if len(items) == 0 && a.Open {
		items = []Value{&Unknown{}}
	}
	for i, item := range items {
		if c.M.spent {
			return
		}
		result := c.M.Call(c.Arg(0), c.Arg(1), []Value{item, Number(i), a}, c.Site)
		if !visit(item, result) {
			return
		}
	}
}

func arrayMethod(a *Array, name string) func(c *Call) Value {
	switch name {
	case "forEach":
		return func(c *Call) Value {
			a.each(c, func(_, _ Value) bool { return true })
			return Undefined{}
		}
	case "map", "flatMap":
		return func(c *Call) Value {
			out := &Array{Open: a.Open}
			a.each(c, func(_, result Value) bool {
				if inner, ok := result.(*Array); ok && name == "flatMap" {
					out.Items = append(out.Items, inner.Items...)
				} else {
					out.Items = append(out.Items, result)
				}
				return len(out.Items) < maxItems
			})
			return out
		}
	case "filter":
		return func(c *Call) Value {
			out := &Array{Open: a.Open}
			a.each(c, func(item, result Value) bool {
				if val, certain := truth(result); val || !certain {
					out.Items = append(out.Items, item)
				}
				return true
			})
			return out
		}
	case "find", "some", "every", "findIndex":
		return a.search(name)
	case "reduce":
		return a.reduce
	case "push", "unshift", "concat", "splice", "pop", "shift":
		return a.grow(name)
	case "sort", "toSorted", "reverse", "values", "flat", "slice", "filterNot", "keys", "entries", "fill":
		return a.rearrange(name)
	}
	return nil
}

func (a *Array) search(name string) func(c *Call) Value {
	return func(c *Call) Value {
		var found Value = Undefined{}
		index, hit, all := -1, false, true
		a.each(c, func(item, result Value) bool {
			val, _ := truth(result)
			index++
			if val && !hit {
				found, hit = item, true
				return name == "every"
			}
			all = all && val
			return true
		})
		switch name {
		case "find":
			return found
		case "some":
			return Bool{V: hit, Soft: a.Open}
		case "every":
			return Bool{V: all, Soft: a.Open}
		}
		if !hit {
			index = -1
		}
		return Number(index)
	}
}

func (a *Array) reduce(c *Call) Value {
	acc := c.Arg(1)
	items := slices.Clone(a.Items)
	if len(c.Args) < 2 && len(items) > 0 {
		acc, items = items[0], items[1:]
	}
	for i, item := range items {
		acc = c.M.Call(c.Arg(0), Undefined{}, []Value{acc, item, Number(i), a}, c.Site)
	}
	return acc
}

func (a *Array) grow(name string) func(c *Call) Value {
	return func(c *Call) Value {
		switch name {
		case "push":
			if len(a.Items) < maxItems {
				a.Items = append(a.Items, c.Args...)
			}
			return Number(len(a.Items))
		case "unshift":
			if len(a.Items) < maxItems {
				a.Items = append(slices.Clone(c.Args), a.Items...)
			}
			return Number(len(a.Items))
		case "concat":
			c.M.spend(len(a.Items))
			out := &Array{Items: slices.Clone(a.Items), Open: a.Open}
			for _, arg := range c.Args {
				if inner, ok := arg.(*Array); ok {
					out.Items = append(out.Items, inner.Items[:min(len(inner.Items), maxItems)]...)
					out.Open = out.Open || inner.Open
				} else {
					out.Items = append(out.Items, arg)
				}
			}
			return out
		case "pop", "shift":
			if len(a.Items) == 0 {
				return Undefined{}
			}
			at := 0
			if name == "pop" {
				at = len(a.Items) - 1
			}
			item := a.Items[at]
			a.Items = slices.Delete(slices.Clone(a.Items), at, at+1)
			return item
		}
		return a.splice(c)
	}
}

// splice takes elements out, puts others in their place, and gives those that were taken.
func (a *Array) splice(c *Call) Value {
	from, to := bounds(c, len(a.Items))
	if n, ok := c.Arg(1).(Number); ok {
		to = from + max(0, min(int(n), len(a.Items)-from))
	}
	taken := &Array{Items: slices.Clone(a.Items[from:to])}
	if len(c.Args) > 0 && len(a.Items) < maxItems {
		c.M.spend(len(a.Items))
		a.Items = slices.Concat(a.Items[:from], rest(c.Args, 2), a.Items[to:])
	}
	return taken
}

func (a *Array) rearrange(name string) func(c *Call) Value {
	return func(c *Call) Value {
		c.M.spend(len(a.Items))
		switch name {
		case "slice":
			from, to := bounds(c, len(a.Items))
			return &Array{Items: slices.Clone(a.Items[from:to]), Open: a.Open}
		case "reverse":
			slices.Reverse(a.Items)
			return a
		case "flat":
			out := &Array{Open: a.Open}
			for _, item := range a.Items {
				if inner, ok := item.(*Array); ok {
					out.Items = append(out.Items, inner.Items[:min(len(inner.Items), maxItems)]...)
				} else {
					out.Items = append(out.Items, item)
				}
			}
			return out
		case "entries", "keys":
			out := &Array{}
			for i, item := range a.Items {
				if name == "keys" {
					out.Items = append(out.Items, Number(i))
					continue
				}
				out.Items = append(out.Items, &Array{Items: []Value{Number(i), item}})
			}
			return out
		case "sort", "toSorted":
			a.sort(c)
		}
		return a
	}
}

// sort orders as the program's own function says, or as texts. What the function does not decide stays as it is.
func (a *Array) sort(c *Call) {
	slices.SortStableFunc(a.Items, func(x, y Value) int {
		if len(c.Args) == 0 {
			return strings.Compare(str(x), str(y))
		}
		order, _ := c.M.Call(c.Arg(0), Undefined{}, []Value{x, y}, c.Site).(Number)
		return cmp.Compare(order, 0)
	})
}

// bounds are the arguments of slice, for a thing of the length.
func bounds(c *Call, length int) (from, to int) {
	at := func(i, missing int) int {
		n, ok := c.Arg(i).(Number)
		if !ok {
			return missing
		}
		v := int(n)
		if v < 0 {
			v += length
		}
		return max(0, min(v, length))
	}
	from, to = at(0, 0), at(1, length)
	return from, max(from, to)
}

func arrayText(a *Array, name string) func(c *Call) Value {
	switch name {
	case "join":
		return func(c *Call) Value {
			sep, ok := c.Text(0)
			if !ok {
				sep = ","
			}
			text := joined(a, sep, 4)
			c.M.spend(len(text))
			return Str{S: text}
		}
	case "at":
		return func(c *Call) Value {
			at, ok := c.Arg(0).(Number)
			if !ok || at < 0 && a.Open {
				return &Unknown{}
			}
			if at < 0 {
				at += Number(len(a.Items))
			}
			return c.M.arrayProperty(a, strconv.Itoa(int(at)))
		}
	case "includes", "indexOf":
		return func(c *Call) Value {
			at := slices.IndexFunc(a.Items, func(item Value) bool { return same("===", item, c.Arg(0)) })
			if IsUnknown(c.Arg(0)) || at < 0 && a.Open {
				return &Unknown{}
			}
			if name == "includes" {
				return Bool{V: at >= 0}
			}
			return Number(at)
		}
	}
	return nil
}
