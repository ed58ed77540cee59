package detect

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

var (
	requirementName = regexp.MustCompile(`^\s*([A-Za-z0-9][A-Za-z0-9._-]*)`)
	requirementRef  = regexp.MustCompile(`^(?:-r|-c|--requirement|--constraint)[ =]*(\S+)`)
	requirementTree = regexp.MustCompile(`^(?:-e|--editable)\b|^\.{1,2}(?:/|$|\[)|^file:|@ file:`)
	notNormal       = regexp.MustCompile(`[-_.]+`)
)

// addName records a requirement's package under its normalised name (PEP 503), and the servers some extras bring.
func (d *pyDeps) addName(spec string) {
	m := requirementName.FindStringSubmatch(spec)
	if m == nil {
		return
	}
	name := strings.ToLower(notNormal.ReplaceAllString(m[1], "-"))
	d.names[name] = true
	if rest := spec[len(m[0]):]; name == "fastapi" && (strings.HasPrefix(rest, "[standard") || strings.HasPrefix(rest, "[all")) {
		d.names["uvicorn"] = true
	}
}

// requirementsFolder returns the file of requirements/ to install, or "". One for development includes the rest.
func requirementsFolder(f folder) string {
	names := []string{"dev", "development", "local", "base", "common", "main", "requirements", "prod", "production"}
	for i, name := range names {
		names[i] = "requirements/" + name + ".txt"
	}
	return f.first(names...)
}

// requirements reads a requirements file and all it includes.
func (d *pyDeps) requirements(f folder, name string) {
	d.includes(f, name, map[string]bool{})
	slices.Sort(d.inputs)
	if d.tree {
		d.notes = append(d.notes, name+" installs the project itself: every file takes part in the install.")
	}
	d.steps = append(d.steps, utf8Steps(f, d.inputs)...)
	d.steps = append(d.steps, pipInstall+"-r "+quote(name))
}

func (d *pyDeps) includes(f folder, name string, seen map[string]bool) {
	text, ok := f.text(name)
	if !ok || seen[name] || len(seen) >= 20 || !fs.ValidPath(name) { // above the root is not laid out
		return
	}
	seen[name] = true
	d.inputs = append(d.inputs, name)
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case requirementTree.MatchString(line):
			d.tree = true
		case strings.HasPrefix(line, "-"):
			if m := requirementRef.FindStringSubmatch(line); m != nil {
				d.includes(f, path.Join(path.Dir(name), m[1]), seen)
			}
		case !strings.HasPrefix(line, "#"):
			d.addName(line)
		}
	}
}

// utf8Steps converts requirements files written as UTF-16, as PowerShell's "pip freeze > requirements.txt" does.
func utf8Steps(f folder, names []string) []string {
	var steps []string
	for _, name := range names {
		if utf16File(f, name) {
			q := quote(name)
			steps = append(steps, "iconv -f UTF-16 -t UTF-8 "+q+" > /tmp/utf8.txt && cat /tmp/utf8.txt > "+q)
		}
	}
	return steps
}
