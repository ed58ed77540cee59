package python

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
	in.addPaths(n)
	n.functions["inspect.getmembers"] = in.getMembers
	n.functions["inspect.isclass"] = func(a args) value { _, is := a.at(0, "").(*class); return is }
	n.functions["inspect.isfunction"] = func(a args) value { _, is := a.at(0, "").(*function); return is }
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
		call: func(o *object, a args) value {
			if declared, ok := o.args.named[a.text(0, "var")].(*list); ok && len(declared.items) == 2 && len(a.positional) == 1 && len(a.named) == 0 {
				return declared.items[1] // Env(DEBUG=(bool, False))
			}
			return setting(a)
		},
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
