package python

import (
	"path"
	"strings"

	"previewd/runtime/endpoints/internal/syntax"
)

// importStatement is import a.b, c as d.
func (in *interpreter) importStatement(f *frame, n syntax.Node) {
	for _, item := range n.Fields("name") {
		name, alias := item, ""
		if item.Is("aliased_import") {
			name, alias = item.Field("name"), item.Field("alias").Text()
		}
		dotted := squeeze(name.Text())
		target := in.importDotted(f, dotted)
		top, _, nested := strings.Cut(dotted, ".")
		switch {
		case alias != "":
			f.set(alias, target)
		case nested:
			f.set(top, in.importTop(f, top))
		default:
			f.set(top, target)
		}
	}
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

func (in *interpreter) importDotted(f *frame, dotted string) value {
	if m := in.find(dotted, f.module.file); m != nil {
		in.run(m)
		return m
	}
	return &external{name: dotted}
}

func (in *interpreter) importTop(f *frame, top string) value {
	if m := in.find(top, f.module.file); m != nil {
		in.run(m)
		return m
	}
	return &external{name: top}
}

// importFrom is from a.b import c as d, and from . import *.
func (in *interpreter) importFrom(f *frame, n syntax.Node) {
	source := in.importSource(f, n.Field("module_name"))
	if n.Child("wildcard_import").Valid() {
		in.importAll(f, source)
		return
	}
	for _, item := range n.Fields("name") {
		name, alias := squeeze(item.Text()), squeeze(item.Text())
		if item.Is("aliased_import") {
			name, alias = squeeze(item.Field("name").Text()), item.Field("alias").Text()
		}
		f.set(alias, in.importName(source, name))
	}
}

func (in *interpreter) importName(source value, name string) value {
	switch source := source.(type) {
	case *module:
		v, _ := in.member(source, name)
		return v
	case *external:
		return &external{name: source.name + "." + name}
	}
	return nil
}

func (in *interpreter) importAll(f *frame, source value) {
	if e, outside := source.(*external); outside {
		f.module.stars = append(f.module.stars, e.name)
	}
	m, ok := source.(*module)
	if !ok {
		return
	}
	in.run(m)
	f.module.stars = append(f.module.stars, m.stars...)
	for name, v := range m.scope.vars {
		if !strings.HasPrefix(name, "_") {
			f.set(name, v)
		}
	}
	for _, name := range texts(m.scope.vars["__all__"]) {
		if v, ok := in.member(m, name); ok {
			f.set(name, v)
		}
	}
}

// importSource is the module that names are imported from.
func (in *interpreter) importSource(f *frame, n syntax.Node) value {
	if !n.Is("relative_import") {
		return in.importDotted(f, squeeze(n.Text()))
	}
	dots := strings.Count(n.Child("import_prefix").Text(), ".")
	if m := in.relative(f.module, dots, squeeze(n.Child("dotted_name").Text())); m != nil {
		in.run(m)
		return m
	}
	return nil
}

// relative resolves a relative import from a module.
func (in *interpreter) relative(from *module, dots int, dotted string) *module {
	dir := from.folder
	if dir == "" {
		dir = path.Dir(from.file)
	}
	for range dots - 1 {
		dir = path.Dir(dir)
	}
	if dotted != "" {
		return in.at(path.Join(dir, strings.ReplaceAll(dotted, ".", "/")))
	}
	if dir == "." {
		return &module{folder: ".", scope: newScope(nil), state: 2}
	}
	return in.at(dir)
}

// importByName is importlib.import_module, include("a.urls") and the like: a module by its name.
func (in *interpreter) importByName(f *frame, dotted, pkg string) value {
	if strings.HasPrefix(dotted, ".") {
		rest := strings.TrimLeft(dotted, ".")
		from := f.module
		if m := in.find(pkg, f.module.file); m != nil {
			from = m
		}
		if m := in.relative(from, len(dotted)-len(rest), rest); m != nil {
			in.run(m)
			return m
		}
		return nil
	}
	return in.importDotted(f, dotted)
}
