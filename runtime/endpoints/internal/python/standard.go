package python

import (
	"path"
	"strings"
)

// addStandard makes known what programs use of the standard library and of those that read settings.
func (in *interpreter) addStandard(n natives) {
	fallback := func(position int) func(args) value {
		return func(a args) value {
			if a.has(position, "default") {
				return a.at(position, "default")
			}
			return none{} // a variable of the environment is not set
		}
	}
	n.functions["os.getenv"] = fallback(1)
	n.functions["os.environ.get"] = fallback(1)
	n.functions["os.environ.setdefault"] = fallback(1)
	for _, name := range []string{"decouple.config", "starlette.config.Config()", "environ.Env()", "environs.Env()", "decouple.AutoConfig()"} {
		n.functions[name] = setting
	}
	n.functions["pydantic.Field"] = in.fieldDefault
	n.functions["pydantic.fields.Field"] = in.fieldDefault
	n.functions["sqlmodel.Field"] = in.fieldDefault
	n.functions["dataclasses.field"] = in.fieldDefault
	n.functions["functools.partial"] = in.partial
	n.functions["importlib.import_module"] = func(a args) value { return in.importByName(a.frame, a.text(0, "name"), a.text(1, "package")) }
	n.functions["importlib.reload"] = func(a args) value { return a.at(0, "module") }
	n.functions["functools.cached_property"] = marked(func(f *function) { f.property = true })
	n.functions["django.utils.functional.cached_property"] = n.functions["functools.cached_property"]
	n.functions["pydantic.computed_field"] = func(a args) value {
		if len(a.positional) == 0 {
			return nativeFunction("computed_field", func(a args) value { return a.at(0, "") })
		}
		return a.at(0, "")
	}
	for _, name := range []string{"functools.lru_cache", "functools.cache", "functools.wraps", "contextlib.contextmanager", "contextlib.asynccontextmanager"} {
		n.functions[name] = func(a args) value {
			if v := passedOn(a); v != nil && name != "functools.wraps" {
				return v
			}
			return nativeFunction(name, func(a args) value { return a.at(0, "") })
		}
	}
	n.functions["copy.copy"] = func(a args) value { return a.at(0, "") }
	n.functions["copy.deepcopy"] = n.functions["copy.copy"]
	n.functions["typing.cast"] = func(a args) value { return a.at(1, "") }
	in.addEnviron(n)
	in.addFiles(n)
}

// setting is config("NAME", default=…) of the libraries that read the environment.
func setting(a args) value {
	if a.has(-1, "default") {
		return a.at(-1, "default")
	}
	return a.at(1, "default")
}

// addEnviron makes the objects known that are called, or asked by a type's name, for variables of the environment.
func (in *interpreter) addEnviron(n natives) {
	env := &nativeClass{
		call: func(_ *object, a args) value { return setting(a) },
		get: func(_ *object, name string) (value, bool) {
			if name == "read_env" || name == "prefixed" {
				return nil, true
			}
			return nativeFunction(name, func(a args) value { return setting(a) }), true
		},
	}
	for _, name := range []string{"environ.Env", "environs.Env", "starlette.config.Config", "decouple.AutoConfig", "decouple.Config"} {
		delete(n.functions, name+"()")
		n.classes[name] = env
	}
}

// fieldDefault is the value of a field's declaration: its default.
func (in *interpreter) fieldDefault(a args) value {
	if a.has(0, "default") {
		return a.at(0, "default")
	}
	if factory := a.at(-1, "default_factory"); factory != nil {
		return in.call(factory, args{node: a.node, frame: a.frame})
	}
	return nil
}

func (in *interpreter) partial(a args) value {
	fn := a.at(0, "func")
	given := a.without(1)
	return nativeFunction("partial", func(more args) value {
		merged := args{positional: append(append([]value{}, given.positional...), more.positional...), named: map[string]value{}, node: more.node, frame: more.frame}
		for _, all := range []args{given, more} {
			for _, name := range all.order {
				merged.name(name, all.named[name])
			}
		}
		return in.call(fn, merged)
	})
}

// addFiles makes known how programs look for their own modules. Paths are those in the project.
func (in *interpreter) addFiles(n natives) {
	same := func(a args) value { return a.at(0, "") }
	for _, name := range []string{"os.path.abspath", "os.path.realpath", "pathlib.Path", "os.fspath", "pathlib.PurePath"} {
		n.functions[name] = same
	}
	n.functions["os.path.dirname"] = func(a args) value {
		if s, ok := a.at(0, "").(string); ok {
			return path.Dir(s)
		}
		return nil
	}
	n.functions["os.path.basename"] = func(a args) value { return path.Base(a.text(0, "")) }
	n.functions["os.path.join"] = func(a args) value {
		var parts []string
		for _, p := range a.positional {
			parts = append(parts, display(p))
		}
		return path.Join(parts...)
	}
	n.functions["os.path.splitext"] = func(a args) value {
		ext := path.Ext(a.text(0, ""))
		return &list{items: []value{strings.TrimSuffix(a.text(0, ""), ext), ext}}
	}
	n.functions["os.listdir"] = func(a args) value { return in.namesIn(a.text(0, ""), "*") }
	n.functions["glob.glob"] = func(a args) value { return in.globbed(a.text(0, "")) }
	n.functions["pkgutil.iter_modules"] = func(a args) value { return in.submodules(a) }
	n.functions["pkgutil.walk_packages"] = n.functions["pkgutil.iter_modules"]
}

// namesIn are the names of the Python files and packages in a folder that fit a pattern.
func (in *interpreter) namesIn(folder, pattern string) value {
	l := &list{}
	seen := map[string]bool{}
	for _, name := range in.project.Sources(".py") {
		rest, ok := strings.CutPrefix(name, folder+"/")
		if folder == "." {
			rest, ok = name, true
		}
		first, _, _ := strings.Cut(rest, "/")
		if matched, err := path.Match(pattern, first); !ok || err != nil || !matched || seen[first] {
			continue
		}
		seen[first] = true
		in.extend(l, []value{first})
	}
	return l
}

func (in *interpreter) globbed(pattern string) value {
	l := &list{}
	for _, name := range items(in.namesIn(path.Dir(pattern), path.Base(pattern))) {
		l.items = append(l.items, path.Join(path.Dir(pattern), display(name)))
	}
	return l
}

// submodules is pkgutil.iter_modules: what it tells of each is (finder, name, whether it is a package), and .name.
func (in *interpreter) submodules(a args) value {
	l := &list{}
	for _, folder := range texts(a.at(0, "path")) {
		for _, name := range items(in.namesIn(folder, "*")) {
			base := display(name)
			module := strings.TrimSuffix(base, ".py")
			if module == "__init__" {
				continue
			}
			l.items = append(l.items, &list{items: []value{none{}, a.text(1, "prefix") + module, module == base}})
		}
	}
	return l
}
