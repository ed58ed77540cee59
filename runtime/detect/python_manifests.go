package detect

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// readPyDeps reads the manifest that decides: a lockfile before a list before a description.
func readPyDeps(f folder) pyDeps {
	d := pyDeps{names: map[string]bool{}, manifest: f.first(pythonManifests...)}
	if d.manifest == "" {
		if list := requirementsFolder(f); list != "" {
			d.manifest = list
			d.requirements(f, list)
		}
		return d
	}
	project := readPyproject(f, &d)
	switch d.manifest {
	case "uv.lock":
		d.uv(f, project)
	case "poetry.lock":
		d.poetry(f, project)
	case "Pipfile.lock", "Pipfile":
		d.pipfile(f)
	case "requirements.txt":
		d.requirements(f, d.manifest)
	case "pyproject.toml":
		d.pyproject(f, project)
	case "setup.py":
		d.tree = true
		d.steps = append(d.steps, pipInstall+"-e .")
	}
	return d
}

// pyproject is the part of pyproject.toml that matters here.
type pyproject struct {
	Project struct {
		Dependencies []string          `toml:"dependencies"`
		Dynamic      []string          `toml:"dynamic"`
		Scripts      map[string]string `toml:"scripts"`
	} `toml:"project"`
	BuildSystem map[string]any `toml:"build-system"`
	Tool        struct {
		Poetry *struct {
			Dependencies map[string]any `toml:"dependencies"`
		} `toml:"poetry"`
		UV struct {
			Sources   map[string]any `toml:"sources"`
			Workspace map[string]any `toml:"workspace"`
		} `toml:"uv"`
	} `toml:"tool"`
}

func readPyproject(f folder, d *pyDeps) pyproject {
	var p pyproject
	text, ok := f.text("pyproject.toml")
	if !ok {
		return p
	}
	if err := toml.Unmarshal([]byte(text), &p); err != nil {
		d.notes = append(d.notes, "pyproject.toml cannot be read: "+firstLine(err.Error())+".")
	}
	for _, spec := range p.Project.Dependencies {
		d.addName(spec)
	}
	if p.Tool.Poetry != nil {
		for name := range p.Tool.Poetry.Dependencies {
			d.addName(name)
		}
	}
	return p
}

func (d *pyDeps) uv(f folder, p pyproject) {
	d.inputs = f.inputs("uv.lock", "pyproject.toml")
	command := "uv sync --frozen --python python3 --compile-bytecode --no-install-project"
	if localSources(p.Tool.UV.Sources) || p.Tool.UV.Workspace != nil {
		d.tree = true
		command = "uv sync --frozen --python python3 --compile-bytecode"
	}
	d.lockedNames(f, "uv.lock")
	d.steps = append(d.steps, command)
}

func localSources(sources map[string]any) bool {
	for _, source := range sources {
		if table, ok := source.(map[string]any); ok && (table["path"] != nil || table["workspace"] != nil) {
			return true
		}
	}
	return false
}

func (d *pyDeps) pyproject(f folder, p pyproject) {
	d.inputs = f.inputs("pyproject.toml")
	switch {
	case p.Tool.Poetry != nil && len(p.Project.Dependencies) == 0:
		d.poetry(f, p)
	case slices.Contains(p.Project.Dynamic, "dependencies"), localSources(p.Tool.UV.Sources):
		d.tree = true
		d.steps = append(d.steps, pipInstall+"-e .")
	case len(p.Project.Dependencies) > 0:
		d.steps = append(d.steps, pipInstall+"-r pyproject.toml")
	}
}

var lockedName = regexp.MustCompile(`(?m)^name[ \t]*=[ \t]*"([\w.-]+)"`)

// lockedNames collects the packages of a TOML lockfile.
func (d *pyDeps) lockedNames(f folder, name string) {
	text, _ := f.read(name, maxLockfile)
	for _, m := range lockedName.FindAllStringSubmatch(text, -1) {
		d.addName(m[1])
	}
}

// pipfile turns Pipfile.lock, or Pipfile where there is no lock, into requirements.
func (d *pyDeps) pipfile(f folder) {
	d.inputs = f.inputs("Pipfile", "Pipfile.lock")
	var packages map[string]any
	if d.manifest == "Pipfile.lock" {
		text, _ := f.read(d.manifest, maxLockfile)
		var lock struct {
			Default map[string]any `json:"default"`
		}
		if err := json.Unmarshal([]byte(text), &lock); err != nil {
			d.notes = append(d.notes, "Pipfile.lock cannot be read: "+jsonProblem(text, err)+".")
		}
		packages = lock.Default
	} else {
		text, _ := f.text(d.manifest)
		var file struct {
			Packages map[string]any `toml:"packages"`
		}
		if err := toml.Unmarshal([]byte(text), &file); err != nil {
			d.notes = append(d.notes, "Pipfile cannot be read: "+firstLine(err.Error())+".")
		}
		packages = file.Packages
	}
	var specs []string
	for name, value := range packages {
		d.addName(name)
		specs = append(specs, quoteAlways(pipfileSpec(name, value)))
	}
	slices.Sort(specs)
	if len(specs) > 0 {
		d.steps = append(d.steps, pipInstall+strings.Join(specs, " "))
	}
}

// pipfileSpec words one Pipfile entry as a requirement (PEP 508).
func pipfileSpec(name string, value any) string {
	version, _ := value.(string)
	var marker string
	if table, ok := value.(map[string]any); ok {
		version, marker = text(table["version"]), text(table["markers"])
		if extras, ok := table["extras"].([]any); ok && len(extras) > 0 {
			name += "[" + strings.Trim(strings.Join(strings.Fields(fmt.Sprint(extras)), ","), "[]") + "]"
		}
		if git, ok := table["git"].(string); ok {
			return name + " @ git+" + git
		}
	}
	if version == "*" {
		version = ""
	}
	if marker != "" {
		marker = " ; " + marker
	}
	return name + version + marker
}

func quoteAlways(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return strings.TrimSuffix(line, ".")
}
