package detect

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"previewd/runtime/shim"
)

// asgi are the frameworks uvicorn serves, by their constructor.
var asgi = []struct{ constructor, framework string }{
	{"FastAPI", "fastapi"}, {"Starlette", "starlette"}, {"Litestar", "litestar"}, {"Quart", "quart"},
}

// pyServes is what a program that serves HTTP looks like.
var pyServes = regexp.MustCompile(`http\.server|socketserver|HTTPServer|serve_forever|aiohttp|tornado|bottle|cherrypy|sanic|` +
	`falcon|wsgiref|waitress|hypercorn|uvicorn\.run|run_app\(|start_server\(|pywsgi|\.listen\(|app\.run\(`)

func djangoStart(p *pyProject) *pyStart {
	for _, m := range p.modules {
		if path.Base(m.file) != "manage.py" || !strings.Contains(m.source, "DJANGO_SETTINGS_MODULE") {
			continue
		}
		manage := "python " + quote(m.file)
		return &pyStart{
			framework: "django",
			prepare:   []string{manage + " migrate --noinput"},
			command:   manage + " runserver 0.0.0.0:$PORT --noreload",
			needs:     []string{"django"},
			path:      []string{shim.Dir + "/python"}, // its sitecustomize opens ALLOWED_HOSTS for the preview's host
			rank:      rankServer,
		}
	}
	return nil
}

func asgiStart(p *pyProject) *pyStart {
	for _, one := range asgi {
		app := p.findApp(one.constructor)
		if app == nil {
			continue
		}
		s := &pyStart{framework: one.framework, needs: []string{one.framework, "uvicorn"}, rank: rankServer}
		if app.runsItself(s, p.folder) {
			return s
		}
		base := app.module.base(p.folder)
		s.command = "uvicorn " + app.module.name(base) + ":" + app.name + " --host 0.0.0.0 --port $PORT"
		if app.factory {
			s.command += " --factory"
		}
		if base != "." {
			s.path = []string{base}
		}
		return s
	}
	return nil
}

func flaskStart(p *pyProject) *pyStart {
	app := p.findApp("Flask")
	if app == nil {
		return nil
	}
	s := &pyStart{framework: "flask", needs: []string{"flask"}, rank: rankServer}
	if app.runsItself(s, p.folder) {
		return s
	}
	base := app.module.base(p.folder)
	s.command = "flask --app " + app.module.name(base) + ":" + app.name + " run --host 0.0.0.0 --port $PORT"
	if base != "." {
		s.path = []string{base}
	}
	return s
}

// runsItself fills s to run the app's own file when its main block does more than serve.
func (a *pyApp) runsItself(s *pyStart, f folder) bool {
	if a.factory || !a.module.mainDoesMore(a.name) {
		return false
	}
	s.command, s.path = a.module.run(f)
	s.note = "Running " + a.module.file + " itself: its main block does more than serve."
	return true
}

func streamlitStart(p *pyProject) *pyStart {
	m := p.importing("streamlit", "st.", "streamlit.")
	if m == nil {
		return nil
	}
	return &pyStart{
		framework: "streamlit", needs: []string{"streamlit"}, rank: rankServer,
		command: "streamlit run " + quote(m.file) + " --server.address 0.0.0.0 --server.port $PORT --server.headless true",
		env:     map[string]string{"STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false"},
	}
}

func gradioStart(p *pyProject) *pyStart {
	m := p.importing("gradio", ".launch(")
	if m == nil {
		return nil
	}
	s := &pyStart{framework: "gradio", needs: []string{"gradio"}, rank: rankServer, env: map[string]string{"GRADIO_ANALYTICS_ENABLED": "False"}}
	s.command, s.path = m.run(p.folder)
	s.command = "GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=$PORT " + s.command
	return s
}

// importing returns the likeliest module that imports a package and contains one of the words.
func (p *pyProject) importing(name string, words ...string) *pyModule {
	for i := range p.modules {
		m := &p.modules[i]
		if !slices.Contains(m.imports, name) {
			continue
		}
		for _, word := range words {
			if strings.Contains(m.code, word) {
				return m
			}
		}
	}
	return nil
}

// scriptStart runs a program that serves by itself.
func scriptStart(p *pyProject) *pyStart {
	for i := range p.modules {
		m := &p.modules[i]
		if !pyServes.MatchString(m.code) || preferredName(m.file) > 3 && m.mainBlock() == "" && len(p.modules) > 1 {
			continue
		}
		s := &pyStart{rank: rankScript}
		s.command, s.path = m.run(p.folder)
		return s
	}
	return nil
}
