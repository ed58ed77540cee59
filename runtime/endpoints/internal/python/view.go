package python

import (
	"slices"
	"strings"
)

// view is a class that handles requests, made a function by as_view, or one of an external package.
type view struct {
	class    *class
	external string
	args     args
	actions  map[string]string // by method in lower case: a view set's methods
}

func newView(c *class, a args) *view {
	v := &view{class: c, args: a}
	d, ok := a.at(0, "actions").(*dict)
	if !ok {
		return v
	}
	v.actions = map[string]string{}
	for _, k := range d.keys {
		v.actions[display(k)] = display(d.values[k])
	}
	return v
}

// attribute of a view function.
func (v *view) attribute(name string) (value, bool) {
	switch name {
	case "view_class", "cls":
		if v.class != nil {
			return v.class, true
		}
	case "as_view":
		return nativeFunction(name, func(args) value { return v }), true
	}
	return nil, false
}

// action is the function that handles a method, if it is the project's.
func (v *view) action(method string) *function {
	if v.class == nil {
		return nil
	}
	name := strings.ToLower(method)
	if to, ok := v.actions[name]; ok {
		name = to
	}
	m, _ := v.class.member(name)
	fn, _ := m.(*function)
	return fn
}

var httpMethods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"}

// handled are the methods for which a class of the project has functions, without those that answer by themselves.
func (in *interpreter) handled(c *class) []string {
	var found []string
	for _, method := range httpMethods {
		if method == "HEAD" || method == "OPTIONS" || method == "TRACE" {
			continue
		}
		if _, ok := c.member(strings.ToLower(method)); ok {
			found = append(found, method)
		}
	}
	return found
}

// upper are methods as the program names them: a list, a tuple, a set, one string, members of an enumeration.
func upper(v value) []string {
	var found []string
	for _, item := range items(v) {
		name := ""
		switch item := item.(type) {
		case string:
			name = item
		case *external:
			name = last(strings.TrimSuffix(item.name, ".value"))
		}
		for name := range strings.SplitSeq(name, ",") {
			if name = strings.ToUpper(strings.TrimSpace(name)); slices.Contains(httpMethods, name) {
				found = append(found, name)
			}
		}
	}
	return found
}

// asked leaves out what frameworks answer by themselves beside something else.
func asked(methods []string) []string {
	var kept []string
	for _, m := range methods {
		if m != "HEAD" && m != "OPTIONS" {
			kept = append(kept, m)
		}
	}
	if len(kept) == 0 {
		return methods
	}
	return kept
}
