package detect

import (
	"cmp"
	"path"
	"strings"

	"previewd/runtime/preview"
)

// manifests of Python projects; the first that is there decides how dependencies are installed.
var pythonManifests = []string{"uv.lock", "poetry.lock", "Pipfile.lock", "requirements.txt", "pyproject.toml", "Pipfile", "setup.py"}

// pythonStarts are the detectors of what a Python project can be, the most telling first.
var pythonStarts = []func(*pyProject) *pyStart{
	djangoStart, streamlitStart, gradioStart, asgiStart, flaskStart, scriptStart,
}

// pyStart is one way to start a Python project.
type pyStart struct {
	framework string
	command   string
	prepare   []string
	needs     []string // packages the command needs beside the project's own
	env       map[string]string
	path      []string // folders of the project for PYTHONPATH
	rank      rank
	note      string
}

// pyProject is a folder of Python code with what was read of it.
type pyProject struct {
	folder  folder
	deps    pyDeps
	modules []pyModule
	imports map[string]bool // first segments of all imports
}

func detectPython(f folder, _ Options) *candidate {
	p := &pyProject{folder: f, deps: readPyDeps(f)}
	p.modules = pyModules(f)
	p.imports = allImports(p.modules)
	start := p.start()
	if start == nil && p.deps.manifest == "" {
		return nil
	}
	c := newCandidate(f, preview.RuntimePython)
	if start == nil {
		start = &pyStart{}
		c.missing = noStart(f, "A Python project ("+p.deps.manifest+") was recognised",
			"a FastAPI, Starlette, Flask or Django app, and for main.py, app.py, server.py or run.py with a server in it",
			"Add a Procfile with a web line or "+configFile+" with a command.")
	}
	c.plan.Framework, c.plan.Command, c.plan.Prepare, c.rank = start.framework, start.command, start.prepare, start.rank
	c.plan.Install = p.deps.install(p, start.needs)
	p.environment(c, start)
	if start.note != "" {
		c.note("%s", start.note)
	}
	c.plan.Notes = append(c.plan.Notes, p.deps.notes...)
	return c
}

func (p *pyProject) start() *pyStart {
	for _, recognise := range pythonStarts {
		if s := recognise(p); s != nil {
			return s
		}
	}
	return nil
}

func (p *pyProject) environment(c *candidate, s *pyStart) {
	c.binPath(".venv/bin")
	c.setenv("PYTHONUNBUFFERED", "1")
	c.setenv("UV_PYTHON_DOWNLOADS", "never") // only the image's python is there
	for name, value := range s.env {
		c.setenv(name, value)
	}
	folders := make([]string, 0, len(s.path)+1)
	for _, dir := range s.path {
		if !path.IsAbs(dir) {
			dir = path.Join(AppDir, p.folder.dir, dir)
		}
		folders = append(folders, dir)
	}
	if len(folders) > 0 {
		c.setenv("PYTHONPATH", strings.Join(folders, ":"))
	}
}

// preferredName orders Python files by how likely they hold the app to run.
func preferredName(file string) int {
	order := map[string]int{
		"main.py": 0, "app.py": 1, "server.py": 2, "asgi.py": 2, "wsgi.py": 2, "api.py": 3, "run.py": 3,
		"index.py": 3, "application.py": 3, "__init__.py": 4,
	}
	if n, ok := order[path.Base(file)]; ok {
		return n
	}
	return 6
}

// compareModules orders files by depth and name.
func compareModules(a, b string) int {
	weight := func(file string) int { return 2*strings.Count(file, "/") + preferredName(file) }
	return cmp.Or(cmp.Compare(weight(a), weight(b)), cmp.Compare(a, b))
}
