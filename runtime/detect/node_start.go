package detect

import (
	"path"
	"regexp"
	"strconv"
	"strings"
)

// scriptOrder is the order in which scripts are tried: a server's start before its watcher, a front end's dev
// server, which reloads, before what serves its build.
var (
	serverScripts   = []string{"start", "dev", "serve", "server", "develop", "start:dev", "dev:server"}
	frontendScripts = []string{"dev", "start", "serve", "develop", "start:dev"}
)

// start finds how the project starts, nil when nothing says.
func (p *nodeProject) start(opts Options) *nodeStart {
	order := serverScripts
	if p.pkg.hasAny(bundlers...) {
		order = frontendScripts
	}
	built := "" // a script that would do after a build
	for _, name := range order {
		script := strings.TrimSpace(p.pkg.Scripts[name])
		switch {
		case script == "" || script == "echo" || strings.HasPrefix(script, "echo "):
		case p.needsBuild(script):
			if built == "" {
				built = name
			}
		default:
			return p.scriptStart(name, script, opts)
		}
	}
	if built != "" {
		return p.builtStart(built, opts)
	}
	if entry := p.entry(p.folder.isFile("index.html")); entry != "" {
		return &nodeStart{command: p.runFile(entry), framework: p.server(), rank: p.serverRank()}
	}
	return p.siteBuild()
}

func (p *nodeProject) serverRank() rank {
	if p.server() != "" {
		return rankServer
	}
	return rankScript
}

// scriptStart starts a script: a dev server with the flags it takes, any other as it is.
func (p *nodeProject) scriptStart(name, script string, opts Options) *nodeStart {
	if dev := devServerOf(script); dev != nil {
		return p.devStart(name, script, dev, opts)
	}
	s := &nodeStart{framework: p.server(), rank: p.serverRank(), command: p.runScript(name, p.runnable(script), "")}
	s.env = p.npmEnv(s.command)
	if p.pkg.has("vite") { // a server with Vite as its middleware
		s.env = withEnv(s.env, viteEnv(opts))
	}
	return s
}

func (p *nodeProject) devStart(name, script string, dev *devServer, opts Options) *nodeStart {
	s := &nodeStart{framework: dev.framework, rank: rankFrontend, env: withEnv(nil, dev.env)}
	var flags []string
	if dev.host != "" && !hostFlag.MatchString(script) {
		flags = append(flags, dev.host)
	}
	if m := portFlag.FindStringSubmatch(script); m != nil {
		s.port, _ = strconv.Atoi(m[1])
	} else if dev.port != "" {
		flags = append(flags, dev.port)
	}
	if dev.framework == "vite" {
		s.framework = p.metaFramework()
	}
	if p.pkg.has("vite") || viteBased[s.framework] {
		s.env = withEnv(s.env, viteEnv(opts))
	}
	s.command = p.runScript(name, script, strings.Join(flags, " "))
	s.env = withEnv(s.env, p.npmEnv(s.command))
	return s
}

var (
	hostFlag  = regexp.MustCompile(`\s(?:--host(?:name)?|-H)(?:[\s=]|$)`)
	portFlag  = regexp.MustCompile(`\s(?:--port|-p)[\s=]+(\d{2,5})\b`)
	viteBased = map[string]bool{"vite": true, "sveltekit": true, "astro": true, "nuxt": true, "remix": true, "solid-start": true}
)

// viteEnv lets Vite answer under the previews' domain; it knows *.localhost by itself.
func viteEnv(opts Options) map[string]string {
	return map[string]string{"__VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS": "." + strings.TrimPrefix(opts.BaseDomain, ".")}
}

func withEnv(env, more map[string]string) map[string]string {
	for name, value := range more {
		if env == nil {
			env = map[string]string{}
		}
		env[name] = value
	}
	return env
}

// npmEnv is what npm would tell a script that is run without it.
func (p *nodeProject) npmEnv(command string) map[string]string {
	if p.pkg.Version == "" || strings.Contains(command, " run ") {
		return nil
	}
	return map[string]string{"npm_package_version": p.pkg.Version, "npm_package_name": p.pkg.Name}
}

// builtStart builds first: no script runs the sources.
func (p *nodeProject) builtStart(name string, opts Options) *nodeStart {
	s := p.scriptStart(name, strings.TrimSpace(p.pkg.Scripts[name]), opts)
	if p.pkg.Scripts["build"] != "" && p.pkg.Scripts["pre"+name] == "" {
		s.prepare = []string{p.manager.run("build")}
		p.note("Building first: the %s script starts what the build makes.", name)
	}
	return s
}

// siteBuild serves the files a build makes, for a project with nothing but a build script.
func (p *nodeProject) siteBuild() *nodeStart {
	if p.pkg.Scripts["build"] == "" {
		return nil
	}
	for _, one := range []struct{ pkg, dir string }{
		{"@11ty/eleventy", "_site"},
		{"gatsby", "public"},
		{"react-scripts", "build"},
		{"hexo", "public"},
		{"vite", "dist"},
		{"parcel", "dist"},
		{"webpack", "dist"},
		{"esbuild", "dist"},
		{"rollup", "dist"},
		{"astro", "dist"},
	} {
		if p.pkg.has(one.pkg) {
			p.note("Building, then serving %s: there is no start or dev script.", one.dir)
			return &nodeStart{framework: path.Base(one.pkg), prepare: []string{p.manager.run("build")}, static: one.dir, rank: rankFrontend}
		}
	}
	return nil
}
