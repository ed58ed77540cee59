package detect

import (
	"slices"
	"strings"
)

// venv makes the project's own environment with the image's python, whatever version a .python-version file names.
const venv = "uv venv --quiet --python python3 .venv"

// pyDeps is what the manifests of a Python project say.
type pyDeps struct {
	manifest string          // file that decides, "" when there is none
	names    map[string]bool // normalised names of required packages
	inputs   []string        // files the install reads
	tree     bool            // the install builds the project itself, so that it reads any file
	steps    []string        // commands after the environment was made
	notes    []string
}

// install is the install step: the manifests' packages and those the start command needs beside them.
func (d *pyDeps) install(p *pyProject, needs []string) *Install {
	steps := slices.Clone(d.steps)
	var missing []string
	for _, name := range needs {
		if !d.names[name] {
			missing = append(missing, name)
		}
	}
	if d.manifest == "" {
		missing = append(missing, knownImports(p.imports)...)
	}
	slices.Sort(missing)
	missing = slices.Compact(missing)
	if len(missing) > 0 {
		steps = append(steps, pipInstall+strings.Join(missing, " "))
		if !d.tree { // what the project's own build requires is not known here; uv adds only what is lacking
			d.notes = append(d.notes, "Adding "+strings.Join(missing, ", ")+": no manifest requires it, and the app does.")
		}
	}
	if len(steps) == 0 {
		return nil
	}
	inputs := d.inputs
	if d.tree {
		inputs = p.folder.files()
	}
	if inputs == nil {
		inputs = []string{}
	}
	return &Install{Command: strings.Join(append([]string{venv}, steps...), " && "), Inputs: inputs}
}

// pipInstall also compiles to bytecode: every preview starts from the same image, so that compiling at the first
// import would be paid for at every launch.
const pipInstall = "uv pip install --compile-bytecode "

// knownImports maps imported modules to the packages that hold them, for projects without any manifest. Only
// well-known names: guessing from any import would install whatever a typo names.
func knownImports(imports map[string]bool) []string {
	var packages []string
	for module := range imports {
		if name, ok := importPackages[module]; ok {
			packages = append(packages, name)
		}
	}
	return packages
}

var importPackages = map[string]string{
	"fastapi": "fastapi", "starlette": "starlette", "uvicorn": "uvicorn", "flask": "flask", "django": "django",
	"aiohttp": "aiohttp", "tornado": "tornado", "bottle": "bottle", "sanic": "sanic", "falcon": "falcon", "quart": "quart",
	"litestar": "litestar", "streamlit": "streamlit", "gradio": "gradio", "waitress": "waitress", "gunicorn": "gunicorn",
	"pydantic": "pydantic", "pydantic_settings": "pydantic-settings", "sqlalchemy": "sqlalchemy", "sqlmodel": "sqlmodel",
	"aiosqlite": "aiosqlite", "psycopg2": "psycopg2-binary", "psycopg": "psycopg[binary]", "pymongo": "pymongo",
	"redis": "redis", "requests": "requests", "httpx": "httpx", "jinja2": "jinja2", "multipart": "python-multipart",
	"dotenv": "python-dotenv", "yaml": "pyyaml", "jwt": "pyjwt", "jose": "python-jose", "passlib": "passlib",
	"bcrypt": "bcrypt", "PIL": "pillow", "numpy": "numpy", "pandas": "pandas", "bs4": "beautifulsoup4",
	"flask_sqlalchemy": "flask-sqlalchemy", "flask_cors": "flask-cors", "flask_login": "flask-login",
	"flask_migrate": "flask-migrate", "flask_wtf": "flask-wtf", "flask_socketio": "flask-socketio",
	"rest_framework": "djangorestframework", "corsheaders": "django-cors-headers", "markdown": "markdown",
	"matplotlib": "matplotlib", "websockets": "websockets", "orjson": "orjson",
}
