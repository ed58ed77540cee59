package python

import (
	"slices"
	"strings"

	"previewd/runtime/endpoints/internal/route"
	"previewd/runtime/endpoints/internal/urlpath"
)

// patterns goes through a tree of Django's patterns.
func (x *expansion) patterns(v value, prefix string, depth int) {
	x.in.step()
	if depth > 40 || len(x.found) > maxExpanded {
		return
	}
	switch v := v.(type) {
	case *list:
		for _, item := range v.items {
			x.patterns(item, prefix, depth+1)
		}
	case *lazy:
		if x.inside[v] { // urls that include themselves
			return
		}
		x.inside[v] = true
		for _, item := range v.get() {
			x.patterns(item, prefix, depth+1)
		}
		delete(x.inside, v)
	case *pattern:
		x.pattern(v, prefix, depth)
	case *routerPatterns:
		x.router(v.router, prefix, nil)
	}
}

func (x *expansion) pattern(p *pattern, prefix string, depth int) {
	full := prefix + p.normal()
	switch {
	case p.included != "":
		x.packaged(p, full)
	case p.below != nil:
		x.patterns(p.below, full, depth+1)
	case p.view != nil:
		methods := p.methods
		if methods == nil {
			methods = x.in.viewMethods(p.view)
		}
		if e, ok := p.view.(*external); ok && (e.name == "django.views.static.serve" || e.name == "unknown" && p.args.node.Kind() == "") {
			return
		}
		e := (&entry{methods: methods, handler: p.view, builtin: p.builtin || isDocs(p.view)}).place(p.args)
		written := p.route
		x.django(e, full, written)
	}
}

// normal is a pattern's route in the one form of paths.
func (p *pattern) normal() string {
	if p.regex {
		return urlpath.Regex(p.route)
	}
	return urlpath.Flask(p.route)
}

func (x *expansion) django(e *entry, full, written string) {
	path := urlpath.Clean(full)
	for _, method := range unique(e.methods) {
		endpoint := route.Endpoint{Path: path, Method: method, Source: e.source(), Builtin: e.builtin, Parameters: pathParameters(written, path)}
		x.in.describe(&endpoint, e, method)
		x.found = append(x.found, endpoint)
	}
}

// viewMethods are the methods a view of Django's takes, as far as they are known.
func (in *interpreter) viewMethods(v value) []string {
	var methods []string
	switch v := v.(type) {
	case *function:
		methods = v.methods
		if v.native != nil {
			return []string{route.Any}
		}
	case *view:
		methods = in.classMethods(v)
	case *external:
		if strings.HasPrefix(last(v.name), "obtain_") { // a token of Django REST framework or its kin
			methods = []string{"POST"}
		}
	}
	if len(methods) == 0 {
		return []string{route.Any}
	}
	return methods
}

func (in *interpreter) classMethods(v *view) []string {
	if v.class == nil {
		return viewsOf(last(v.external))
	}
	var methods []string
	if v.actions != nil {
		for method := range v.actions {
			methods = append(methods, strings.ToUpper(method))
		}
	} else {
		methods = in.handled(v.class)
		for _, base := range v.class.externals() {
			methods = append(methods, viewsOf(last(base))...)
		}
	}
	allowed := v.args.at(-1, "http_method_names")
	if allowed == nil {
		allowed, _ = v.class.member("http_method_names")
	}
	var kept []string
	for _, method := range httpMethods {
		if slices.Contains(methods, method) && (allowed == nil || slices.Contains(upper(allowed), method)) {
			kept = append(kept, method)
		}
	}
	return kept
}

// viewsOf are the methods that the classes of Django, of Django REST framework and of what is common beside them answer.
func viewsOf(name string) []string {
	switch name {
	case "TemplateView", "ListView", "DetailView", "BaseListView", "BaseDetailView", "ArchiveIndexView", "YearArchiveView", "MonthArchiveView",
		"WeekArchiveView", "DayArchiveView", "TodayArchiveView", "DateDetailView", "PasswordChangeDoneView", "PasswordResetDoneView",
		"PasswordResetCompleteView", "JavaScriptCatalog", "JSONCatalog", "ListAPIView", "RetrieveAPIView", "SpectacularAPIView",
		"SpectacularSwaggerView", "SpectacularRedocView", "SpectacularJSONAPIView", "SpectacularYAMLAPIView", "APIRootView", "SchemaView":
		return []string{"GET"}
	case "FormView", "CreateView", "UpdateView", "ProcessFormView", "BaseFormView", "BaseCreateView", "BaseUpdateView", "LoginView",
		"PasswordChangeView", "PasswordResetView", "PasswordResetConfirmView":
		return []string{"GET", "POST", "PUT"}
	case "DeleteView":
		return []string{"GET", "POST", "DELETE"}
	case "RedirectView":
		return []string{"GET", "POST", "PUT", "PATCH", "DELETE"}
	case "LogoutView", "CreateAPIView", "TokenObtainPairView", "TokenRefreshView", "TokenVerifyView", "TokenBlacklistView", "TokenViewBase",
		"ObtainAuthToken", "TokenObtainSlidingView", "TokenRefreshSlidingView":
		return []string{"POST"}
	case "ListCreateAPIView":
		return []string{"GET", "POST"}
	case "DestroyAPIView":
		return []string{"DELETE"}
	case "UpdateAPIView":
		return []string{"PUT", "PATCH"}
	case "RetrieveUpdateAPIView":
		return []string{"GET", "PUT", "PATCH"}
	case "RetrieveDestroyAPIView":
		return []string{"GET", "DELETE"}
	case "RetrieveUpdateDestroyAPIView":
		return []string{"GET", "PUT", "PATCH", "DELETE"}
	}
	return nil
}

// isDocs reports whether a view shows the API's own documents.
func isDocs(v value) bool {
	name := ""
	switch v := v.(type) {
	case *view:
		name = v.external
	case *object:
		name = v.kind
	case *external:
		name = v.name
	}
	for _, pkg := range []string{"drf_spectacular.", "drf_yasg.", "rest_framework.schemas.", "rest_framework_swagger.", "rest_framework.documentation."} {
		if strings.HasPrefix(name, pkg) {
			return true
		}
	}
	return false
}
