package python

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// addPaths makes known how programs look for their own modules. Paths are strings, those in the project; the objects of
// pathlib are strings, too.
func (in *interpreter) addPaths(n natives) {
	same := func(a args) value { return a.at(0, "") }
	for _, name := range []string{"os.path.abspath", "os.path.realpath", "os.path.normpath", "os.fspath", "os.path.expanduser"} {
		n.functions[name] = same
	}
	for _, name := range []string{"os.path.join", "pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath"} {
		n.functions[name] = joinPaths
	}
	n.functions["os.path.dirname"] = func(a args) value { return onText(a.at(0, ""), path.Dir) }
	n.functions["os.path.basename"] = func(a args) value { return onText(a.at(0, ""), path.Base) }
	n.functions["os.path.splitext"] = func(a args) value {
		ext := path.Ext(a.text(0, ""))
		return &list{items: []value{strings.TrimSuffix(a.text(0, ""), ext), ext}}
	}
	n.functions["os.path.split"] = func(a args) value {
		return &list{items: []value{path.Dir(a.text(0, "")), path.Base(a.text(0, ""))}}
	}
	n.functions["os.path.relpath"] = func(a args) value { return relative(a.text(0, ""), a.text(1, "start")) }
	for _, name := range []string{"os.path.exists", "os.path.isfile", "os.path.isdir"} {
		n.functions[name] = func(a args) value { return in.exists(a.at(0, ""), name) }
	}
	n.functions["os.listdir"] = func(a args) value { return in.namesIn(a.text(0, ""), "*") }
	n.functions["os.walk"] = func(a args) value { return in.walk(a.text(0, "top")) }
	n.functions["glob.glob"] = func(a args) value { return in.globbed(a.text(0, "")) }
	n.functions["pkgutil.iter_modules"] = func(a args) value { return in.submodules(a, false) }
	n.functions["pkgutil.walk_packages"] = func(a args) value { return in.submodules(a, true) }
	in.addLoaders(n)
}

// addLoaders makes known what turns a path or a name into a module.
func (in *interpreter) addLoaders(n natives) {
	n.functions["importlib.util.spec_from_file_location"] = func(a args) value {
		return &object{kind: "spec", args: a, attrs: map[string]value{}}
	}
	n.functions["importlib.util.module_from_spec"] = func(a args) value {
		spec, ok := a.at(0, "spec").(*object)
		if !ok {
			return nil
		}
		file, _ := spec.args.at(1, "location").(string)
		m := in.at(strings.TrimSuffix(strings.TrimSuffix(file, ".py"), "/__init__"))
		if m == nil {
			return nil
		}
		in.run(m)
		return m
	}
	n.functions["werkzeug.utils.import_string"] = func(a args) value { return in.named(a.text(0, "import_name"), a.frame) }
	n.functions["django.utils.module_loading.import_string"] = n.functions["werkzeug.utils.import_string"]
	n.functions["werkzeug.utils.find_modules"] = func(a args) value {
		m, ok := in.importByName(a.frame, a.text(0, "import_path"), "").(*module)
		if !ok {
			return nil
		}
		l := &list{}
		for _, item := range in.submodulesIn(m.folder, a.at(2, "recursive") == true) {
			l.items = append(l.items, a.text(0, "import_path")+"."+item.name)
		}
		return l
	}
}

func onText(v value, do func(string) string) value {
	if s, ok := v.(string); ok {
		return do(s)
	}
	return nil
}

func joinPaths(a args) value {
	var parts []string
	for _, p := range a.positional {
		parts = append(parts, display(p))
	}
	return bounded(path.Join(parts...))
}

func relative(name, base string) value {
	if base == "." || base == "" {
		return name
	}
	return strings.TrimPrefix(strings.TrimPrefix(name, base), "/")
}

func (in *interpreter) exists(v value, kind string) value {
	name, ok := v.(string)
	if !ok || name == "" {
		return nil
	}
	info, err := fs.Stat(in.project.FS, path.Clean(name))
	if err != nil {
		return false
	}
	return strings.HasSuffix(kind, "exists") || info.IsDir() == (kind == "os.path.isdir" || kind == "is_dir")
}

// namesIn are the names of the Python files and packages in a folder that fit a pattern.
func (in *interpreter) namesIn(folder, pattern string) value {
	l := &list{}
	seen := map[string]bool{}
	for _, name := range in.below(folder) {
		first, _, _ := strings.Cut(name, "/")
		if matched, err := path.Match(pattern, first); err != nil || !matched || seen[first] {
			continue
		}
		seen[first] = true
		in.extend(l, []value{first})
	}
	return l
}

// below are the Python files in a folder, relative to it.
func (in *interpreter) below(folder string) []string {
	folder = path.Clean(folder)
	sources := in.project.Sources(".py")
	in.charge(len(sources))
	var found []string
	for _, name := range sources {
		if folder == "." {
			found = append(found, name)
		} else if rest, ok := strings.CutPrefix(name, folder+"/"); ok {
			found = append(found, rest)
		}
	}
	return found
}

// globbed are the files that fit a pattern, ** for any folders included.
func (in *interpreter) globbed(pattern string) value {
	folder, rest, deep := strings.Cut(pattern, "**/")
	if !deep {
		return in.prefixed(in.namesIn(path.Dir(pattern), path.Base(pattern)), path.Dir(pattern))
	}
	return in.deep(path.Clean(folder), path.Base(rest))
}

// deep are the files at any depth of a folder whose name fits a pattern.
func (in *interpreter) deep(folder, pattern string) value {
	l := &list{}
	for _, name := range in.below(folder) {
		if matched, err := path.Match(pattern, path.Base(name)); err == nil && matched {
			in.extend(l, []value{path.Join(folder, name)})
		}
	}
	return l
}

func (in *interpreter) prefixed(names value, folder string) value {
	l := &list{}
	for _, name := range items(names) {
		l.items = append(l.items, path.Join(folder, display(name)))
	}
	return l
}

// walk is os.walk: each folder with the names of its folders and files.
func (in *interpreter) walk(top string) value {
	files, folders := map[string][]value{}, map[string][]value{}
	order := []string{path.Clean(top)}
	for _, name := range in.below(top) {
		dir := path.Dir(name)
		at := path.Join(top, dir)
		files[at] = append(files[at], path.Base(name))
		for ; dir != "."; dir = path.Dir(dir) {
			if at := path.Join(top, dir); !slices.Contains(order, at) && len(order) < maxIterations {
				order = append(order, at)
				folders[path.Dir(at)] = append(folders[path.Dir(at)], path.Base(at))
			}
		}
	}
	slices.Sort(order)
	l := &list{}
	for _, dir := range order {
		l.items = append(l.items, &list{items: []value{dir, &list{items: folders[dir]}, &list{items: files[dir]}}})
	}
	return l
}

type submodule struct {
	name    string // dotted, below the folder
	isPacks bool
}

func (in *interpreter) submodulesIn(folder string, deep bool) []submodule {
	var found []submodule
	seen := map[string]bool{}
	for _, file := range in.below(folder) {
		if strings.Contains(file, "/") && !deep {
			first, rest, _ := strings.Cut(file, "/")
			if rest == "__init__.py" && !seen[first] {
				seen[first] = true
				found = append(found, submodule{first, true})
			}
			continue
		}
		name, isPackage := strings.CutSuffix(strings.TrimSuffix(file, ".py"), "/__init__")
		if name != "__init__" {
			found = append(found, submodule{strings.ReplaceAll(name, "/", "."), isPackage})
		}
	}
	return found
}

// submodules is pkgutil.iter_modules: what it tells of each is (finder, name, whether it is a package).
func (in *interpreter) submodules(a args, deep bool) value {
	l := &list{}
	for _, folder := range texts(a.at(0, "path")) {
		for _, m := range in.submodulesIn(folder, deep) {
			in.extend(l, []value{&list{items: []value{none{}, a.text(1, "prefix") + m.name, m.isPacks}}})
		}
	}
	return l
}

// pathAttribute is what a string has that stands for a path of pathlib.
func (in *interpreter) pathAttribute(s, name string) (value, bool) {
	do := func(do func(args) value) (value, bool) { return nativeFunction(name, do), true }
	switch name {
	case "parent":
		return path.Dir(s), true
	case "stem":
		return strings.TrimSuffix(path.Base(s), path.Ext(s)), true
	case "suffix":
		return path.Ext(s), true
	case "parts":
		return splitString(s, "/"), true
	case "name":
		if strings.HasSuffix(s, ".py") {
			return path.Base(s), true
		}
	case "parents":
		l := &list{}
		for dir := path.Dir(s); len(l.items) < 20; dir = path.Dir(dir) {
			l.items = append(l.items, dir)
			if dir == "." || dir == "/" {
				break
			}
		}
		return l, true
	case "glob":
		return do(func(a args) value { return in.globbed(path.Join(s, a.text(0, "pattern"))) })
	case "rglob":
		return do(func(a args) value { return in.deep(s, a.text(0, "pattern")) })
	case "iterdir":
		return do(func(args) value { return in.prefixed(in.namesIn(s, "*"), s) })
	case "resolve", "absolute", "as_posix", "expanduser":
		return do(func(args) value { return s })
	case "joinpath":
		return do(func(a args) value { return joinPaths(args{positional: append([]value{s}, a.positional...)}) })
	case "relative_to":
		return do(func(a args) value { return relative(s, a.text(0, "")) })
	case "with_suffix":
		return do(func(a args) value { return strings.TrimSuffix(s, path.Ext(s)) + a.text(0, "") })
	case "exists", "is_dir", "is_file":
		return do(func(args) value { return in.exists(s, name) })
	}
	return nil, false
}
