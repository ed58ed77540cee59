package python

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
)

var settingsName = regexp.MustCompile(`DJANGO_SETTINGS_MODULE["']?\s*[,\]=:)]+\s*=?\s*["']?([\w.]+)`)

// setting is a value of Django's settings, nil where it is not known.
func (in *interpreter) setting(name string) value {
	if in.settings == nil {
		return nil
	}
	if v, ok := in.settings.scope.vars[name]; ok {
		return v
	}
	if name == "DEBUG" {
		return false
	}
	return nil
}

// urlconfs are the modules that Django's settings name as the top of the routes, with the settings each belongs to.
func (in *interpreter) urlconfs() []*urlconf {
	var found []*urlconf
	for _, m := range in.settingsModules() {
		in.guard(m.file, func() { in.run(m) })
		in.settings = m
		name, ok := m.scope.vars["ROOT_URLCONF"].(string)
		if !ok {
			continue
		}
		top := in.find(name, m.file)
		if top == nil || slices.ContainsFunc(found, func(u *urlconf) bool { return u.top == top }) {
			continue
		}
		found = append(found, &urlconf{top: top, settings: m})
	}
	return found
}

// looseURLs are modules of patterns that no other includes, for where no settings name the top: a package for other projects.
func (in *interpreter) looseURLs() []*module {
	var found []*module
	for _, file := range in.project.Sources(".py") {
		tree := in.project.Tree(in.ctx, file)
		if tree == nil || aside(file) || !strings.Contains(path.Base(file), "urls") || !bytes.Contains(tree.Source, []byte("urlpatterns")) {
			continue
		}
		in.guard(file, func() {
			if m := in.at(strings.TrimSuffix(strings.TrimSuffix(file, ".py"), "/__init__")); m != nil {
				in.run(m)
				found = append(found, m)
			}
		})
	}
	return slices.DeleteFunc(found, func(m *module) bool { return in.includedURLs[m] })
}

type urlconf struct{ top, settings *module }

// settingsModules are those that manage.py and its like name, or else all files that say ROOT_URLCONF.
func (in *interpreter) settingsModules() []*module {
	var named, all []*module
	for _, file := range in.project.Sources(".py") {
		tree := in.project.Tree(in.ctx, file)
		if tree == nil || aside(file) {
			continue
		}
		base := path.Base(file)
		if base == "manage.py" || base == "wsgi.py" || base == "asgi.py" {
			for _, match := range settingsName.FindAllSubmatch(tree.Source, -1) {
				if m := in.find(string(match[1]), file); m != nil && !slices.Contains(named, m) {
					named = append(named, m)
				}
			}
		}
		if bytes.Contains(tree.Source, []byte("ROOT_URLCONF")) {
			all = append(all, in.at(strings.TrimSuffix(strings.TrimSuffix(file, ".py"), "/__init__")))
		}
	}
	return append(named, all...)
}
