package python

import (
	"maps"
	"slices"
	"strings"

	"previewd/runtime/endpoints/internal/urlpath"
)

// restPatterns are the routes a router makes of its view sets.
func (in *interpreter) restPatterns(r *restRouter) []value {
	var all []value
	trailing := strings.TrimSuffix(r.trailing, "?")
	add := func(reg registration, path string, actions map[string]string) {
		if len(actions) == 0 {
			return
		}
		v := &view{class: reg.set, external: reg.kind, actions: actions, args: reg.args}
		p := &pattern{route: strings.TrimPrefix(path, "/"), view: v, args: reg.args}
		if reg.set == nil {
			for method := range actions {
				p.methods = append(p.methods, strings.ToUpper(method))
			}
			slices.Sort(p.methods)
		}
		all = append(all, p)
	}
	if r.root {
		all = append(all, &pattern{route: r.above, view: &view{external: "rest_framework.routers.APIRootView"}})
	}
	for _, reg := range r.registered {
		base := r.above + urlpath.Regex(reg.prefix)
		detail := base + "/{" + reg.lookup() + "}"
		has := reg.actions()
		add(reg, base+trailing, pick(has, map[string]string{"get": "list", "post": "create"}))
		for _, act := range in.extraActions(reg.set) {
			at := base
			if act.detail {
				at = detail
			}
			add(reg, at+"/"+urlpath.Regex(act.path)+trailing, act.methodMap())
		}
		add(reg, detail+trailing, pick(has, map[string]string{
			"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy",
		}))
	}
	return all
}

// lookup is the name of the parameter that tells one of a view set's objects.
func (reg registration) lookup() string {
	if reg.set == nil {
		return "pk"
	}
	if v, ok := reg.set.member("lookup_url_kwarg"); ok {
		if s, ok := v.(string); ok {
			return s
		}
	}
	return lookupOf(reg.set)
}

func lookupOf(c *class) string {
	if v, ok := c.member("lookup_field"); ok {
		if s, ok := v.(string); ok {
			return s
		}
	}
	return "pk"
}

func pick(has map[string]bool, from map[string]string) map[string]string {
	kept := map[string]string{}
	for method, action := range from {
		if has[action] {
			kept[method] = action
		}
	}
	return kept
}

// actions are the standard ones that a view set has, itself or from its bases.
func (reg registration) actions() map[string]bool {
	has := map[string]bool{}
	if reg.set == nil {
		addActions(has, last(reg.kind))
		return has
	}
	for _, base := range reg.set.externals() {
		addActions(has, last(base))
	}
	for _, name := range []string{"list", "create", "retrieve", "update", "partial_update", "destroy"} {
		if _, ok := reg.set.member(name); ok {
			has[name] = true
		}
	}
	return has
}

func addActions(has map[string]bool, base string) {
	add := func(names ...string) {
		for _, name := range names {
			has[name] = true
		}
	}
	switch base {
	case "ModelViewSet", "UserViewSet":
		add("list", "create", "retrieve", "update", "partial_update", "destroy")
	case "ReadOnlyModelViewSet":
		add("list", "retrieve")
	case "ListModelMixin":
		add("list")
	case "CreateModelMixin":
		add("create")
	case "RetrieveModelMixin":
		add("retrieve")
	case "UpdateModelMixin":
		add("update", "partial_update")
	case "DestroyModelMixin":
		add("destroy")
	}
}

// extraActions are the methods of a view set that @action marks, by name.
func (in *interpreter) extraActions(c *class) []*boundAction {
	if c == nil {
		return nil
	}
	found := map[string]*boundAction{}
	for i := len(c.order) - 1; i >= 0; i-- {
		for name, v := range c.order[i].scope.vars {
			delete(found, name)
			if fn, ok := v.(*function); ok {
				if act, ok := fn.attrs["action"].(*action); ok {
					found[name] = &boundAction{action: act, name: name}
				}
			}
		}
	}
	var all []*boundAction
	for _, name := range slices.Sorted(maps.Keys(found)) {
		all = append(all, found[name])
	}
	return all
}

type boundAction struct {
	*action
	name string
}

// methodMap is which method calls which function.
func (b *boundAction) methodMap() map[string]string {
	table := map[string]string{}
	for _, method := range b.methods {
		table[strings.ToLower(method)] = b.name
	}
	maps.Copy(table, b.mapped)
	return table
}
