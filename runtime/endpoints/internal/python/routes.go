// Package python finds the routes of apps in Python. It executes the project's modules by itself, as far as their effect
// on routes goes, and knows what the names of the frameworks do; nothing is run by Python.
package python

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"previewd/runtime/endpoints/internal/project"
	"previewd/runtime/endpoints/internal/route"
)

// Routes reads the project's files of this language. What it cannot follow it warns of at the project.
func Routes(ctx context.Context, p *project.Project) []route.Endpoint {
	files := p.Sources(".py")
	if len(files) == 0 {
		return nil
	}
	p.Parse(ctx, files)
	in := newInterpreter(ctx, p)
	x := &expansion{in: in, open: map[*router]bool{}, inside: map[*lazy]bool{}}
	x.djangoRoutes()
	x.appRoutes()
	if len(x.found) == 0 {
		x.looseRoutes()
	}
	return x.found
}

// djangoRoutes are those below the urlconf of Django's settings.
func (x *expansion) djangoRoutes() {
	for _, u := range x.in.urlconfs() {
		x.in.settings, x.in.steps = u.settings, 0
		x.in.guard(u.top.file, func() {
			patterns, _ := x.in.member(u.top, "urlpatterns")
			x.patterns(patterns, "", 0)
		})
	}
}

// looseRoutes are those of Django's patterns that no settings lead to.
func (x *expansion) looseRoutes() {
	for _, m := range x.in.looseURLs() {
		x.in.steps = 0
		x.in.guard(m.file, func() { x.patterns(m.scope.vars["urlpatterns"], "", 0) })
	}
}

// appRoutes are those of the apps that the project makes.
func (x *expansion) appRoutes() {
	in := x.in
	if app := in.commanded(); app != nil {
		in.steps = 0
		x.app(app)
		return
	}
	for _, besides := range []bool{false, true} {
		files := in.candidates(besides)
		in.execute(files)
		in.callFactories(besides)
		in.steps = 0 // what was found is told, however long it took to find
		for _, app := range in.apps {
			if app.router.included == 0 {
				x.app(app)
			}
		}
		if len(in.apps) > 0 || len(x.found) > 0 {
			return
		}
	}
}

func (x *expansion) app(app *object) {
	x.in.guard("", func() { x.router(app.router, app.router.prefix, nil) })
}

var appInCommand = regexp.MustCompile(`(?:^|[\s'"])([A-Za-z_][\w.]*:[A-Za-z_][\w.]*(?:\(\))?)`)

// commanded is the app that the start command names, such as in uvicorn app.main:app.
func (in *interpreter) commanded() *object {
	if !strings.Contains(in.project.Command, ":") {
		return nil
	}
	found := appInCommand.FindStringSubmatch(in.project.Command)
	if found == nil {
		return nil
	}
	var app *object
	in.guard("", func() {
		from := "x.py"
		if in.project.Root != "." {
			from = in.project.Root + "/x.py"
		}
		app, _ = in.appNamed(found[1], from).(*object)
	})
	if app == nil || app.router == nil || !slices.Contains(in.apps, app) {
		return nil
	}
	return app
}
