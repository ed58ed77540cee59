package python

import "strings"

// pattern is one of Django's: a route with a view, or with patterns below it.
type pattern struct {
	route    string
	regex    bool
	view     value // nil where patterns are below
	below    value
	args     args
	name     string
	methods  []string
	builtin  bool
	included string // a package's own patterns, by its module's name
}

// lazy is a list of patterns that is made when all is registered.
type lazy struct{ get func() []value }

// addDjango makes known what declares Django's routes, and what restricts the methods of its views.
func (in *interpreter) addDjango(n natives) {
	plain := func(a args) value { return in.newPattern(a, false) }
	regex := func(a args) value { return in.newPattern(a, true) }
	n.functions["django.urls.path"] = plain
	n.functions["django.urls.conf.path"] = plain
	for _, name := range []string{"django.urls.re_path", "django.urls.conf.re_path", "django.conf.urls.url", "django.conf.urls.defaults.url", "django.urls.url"} {
		n.functions[name] = regex
	}
	for _, name := range []string{"django.urls.include", "django.urls.conf.include", "django.conf.urls.include", "django.conf.urls.defaults.include"} {
		n.functions[name] = in.include
	}
	for _, name := range []string{"django.conf.urls.patterns", "django.conf.urls.defaults.patterns"} {
		n.functions[name] = in.legacyPatterns
	}
	n.functions["django.conf.urls.i18n.i18n_patterns"] = in.i18nPatterns
	for _, name := range []string{
		"django.conf.urls.static.static", "django.contrib.staticfiles.urls.staticfiles_urlpatterns", "debug_toolbar.toolbar.debug_toolbar_urls",
		"django.urls.register_converter",
	} {
		n.functions[name] = func(args) value { return &list{} }
	}
	for _, name := range []string{"rest_framework.urlpatterns.format_suffix_patterns", "channels.routing.URLRouter"} {
		n.functions[name] = func(a args) value { return a.at(0, "urlpatterns") }
	}
	for _, name := range []string{"gettext", "gettext_lazy", "ugettext", "ugettext_lazy", "gettext_noop"} { // routes may be translated
		n.functions["django.utils.translation."+name] = func(a args) value { return a.at(0, "message") }
	}
	n.functions["django.utils.translation.pgettext_lazy"] = func(a args) value { return a.at(1, "message") }
	in.addMethodDecorators(n)
	in.addNinja(n)
}

func (in *interpreter) addMethodDecorators(n natives) {
	const decorators = "django.views.decorators.http."
	n.functions[decorators+"require_http_methods"] = func(a args) value { return restrict(upper(a.at(0, "request_method_list"))) }
	for name, methods := range map[string][]string{"require_GET": {"GET"}, "require_POST": {"POST"}, "require_safe": {"GET"}} {
		n.functions[decorators+name] = func(a args) value { return restrictTo(a.at(0, ""), methods) }
	}
	for _, name := range []string{"rest_framework.decorators.api_view"} {
		n.functions[name] = func(a args) value {
			methods := upper(a.at(0, "http_method_names"))
			if fn, ok := a.at(0, "").(*function); ok { // without parentheses
				return restrictTo(fn, []string{"GET"})
			}
			if len(methods) == 0 {
				methods = []string{"GET"}
			}
			return restrict(methods)
		}
	}
}

// restrict is a decorator that notes which methods a view takes.
func restrict(methods []string) value {
	return nativeFunction("restrict", func(a args) value { return restrictTo(a.at(0, ""), methods) })
}

func restrictTo(v value, methods []string) value {
	if fn, ok := v.(*function); ok && fn.methods == nil {
		changed := *fn
		changed.methods = asked(methods)
		return &changed
	}
	return v
}

func (in *interpreter) newPattern(a args, regex bool) value {
	route, ok := a.at(0, "route").(string)
	if !ok {
		route, ok = a.at(0, "regex").(string)
	}
	if !ok {
		route = display(a.at(0, "route"))
	}
	p := &pattern{route: route, regex: regex, args: a, name: a.text(3, "name")}
	switch v := a.at(1, "view").(type) {
	case *pattern:
		p.below, p.included = v.below, v.included
	case *list, *lazy:
		p.below = v
	case *external:
		if isAdmin(v.name) {
			p.builtin, p.methods = true, []string{"*"}
		}
		p.view = v
	case string: // a view by its dotted name, as Django before 1.10 had it
		p.view = in.named(v, a.frame)
	case nil:
		p.view = &external{name: "unknown"}
	default:
		p.view = v
	}
	return p
}

func isAdmin(name string) bool {
	return strings.HasSuffix(name, ".site.urls") && strings.Contains(name, "admin") || strings.HasSuffix(name, "AdminSite().urls")
}

// include is patterns of another module, by its name or in a list, maybe in a tuple with a namespace.
func (in *interpreter) include(a args) value {
	v := a.at(0, "arg")
	if l, ok := v.(*list); ok && len(l.items) > 0 && len(l.items) <= 3 {
		switch first := l.items[0].(type) {
		case string, *module, *list, *lazy:
			v = first
		case *external:
			v = first
		}
	}
	switch v := v.(type) {
	case string:
		return in.includeModule(in.importByName(a.frame, v, ""), v)
	case *module:
		return in.includeModule(v, "")
	case *external:
		if isAdmin(v.name) {
			return &pattern{below: &list{items: []value{&pattern{view: v, builtin: true, methods: []string{"*"}, args: a}}}}
		}
		return &pattern{below: &list{}, included: strings.TrimSuffix(v.name, ".urlpatterns")}
	}
	return &pattern{below: v}
}

func (in *interpreter) includeModule(v value, name string) value {
	m, ok := v.(*module)
	if !ok {
		return &pattern{below: &list{}, included: name}
	}
	in.includedURLs[m] = true
	return &pattern{below: &lazy{get: func() []value {
		patterns, _ := in.member(m, "urlpatterns")
		return []value{patterns}
	}}}
}

// legacyPatterns is patterns("prefix", ...): strings among its views are names below the prefix.
func (in *interpreter) legacyPatterns(a args) value {
	prefix := a.text(0, "prefix")
	l := &list{}
	for _, item := range a.positional[min(1, len(a.positional)):] {
		if tuple, ok := item.(*list); ok && len(tuple.items) > 1 { // (regex, view) without url()
			item = in.newPattern(args{positional: tuple.items, node: a.node, frame: a.frame}, true)
		}
		if p, ok := item.(*pattern); ok && prefix != "" && p.view == nil && p.below == nil {
			if s, ok := p.args.at(1, "view").(string); ok {
				p.view = in.named(prefix+"."+s, a.frame)
			}
		}
		l.items = append(l.items, item)
	}
	return l
}

// i18nPatterns puts patterns below the default language, or below nothing where that has no prefix.
func (in *interpreter) i18nPatterns(a args) value {
	route := "en-us/"
	if s, ok := in.setting("LANGUAGE_CODE").(string); ok {
		route = strings.ToLower(s) + "/"
	}
	if prefixed, ok := a.at(-1, "prefix_default_language").(bool); ok && !prefixed {
		route = ""
	}
	return &list{items: []value{&pattern{route: route, below: &list{items: a.positional}, args: a}}}
}
