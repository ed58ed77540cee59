package detect

import (
	"regexp"
	"strings"
)

// devServer is a front end's tool with a dev server of its own.
type devServer struct {
	pattern   *regexp.Regexp // how scripts call it
	framework string
	host      string // flags that bind every address, "" when the environment does
	port      string // flags that set the port
	env       map[string]string
}

// runs matches the last command of a script that calls the tool, also through env assignments, cross-env and npx.
func runs(tool string) *regexp.Regexp {
	return regexp.MustCompile(`^(?:cross-env(?:-shell)?\s+)?(?:[A-Za-z_]\w*=\S*\s+)*(?:npx\s+(?:-y\s+|--yes\s+)?|bunx\s+|pnpm exec\s+)?(?:` + tool + `)(?:\s+-|\s*$)`)
}

const longHost, longPort = "--host 0.0.0.0", "--port $PORT"

var devServers = []devServer{
	{runs(`next(?:\s+dev)?`), "next", "-H 0.0.0.0", "-p $PORT", map[string]string{"NEXT_TELEMETRY_DISABLED": "1"}},
	{runs(`(?:nuxt|nuxi)(?:\s+dev)?`), "nuxt", longHost, longPort, map[string]string{"NUXT_TELEMETRY_DISABLED": "1"}},
	{runs(`astro(?:\s+dev)?`), "astro", longHost, longPort, map[string]string{"ASTRO_TELEMETRY_DISABLED": "1"}},
	{runs(`remix\s+(?:vite:)?dev|react-router\s+dev`), "remix", longHost, longPort, nil},
	{runs(`vinxi\s+dev`), "solid-start", longHost, longPort, nil},
	{runs(`vite(?:\s+(?:dev|serve|\.))?`), "vite", longHost, longPort, nil},
	{runs(`react-scripts\s+start`), "create-react-app", "", "", map[string]string{"BROWSER": "none", "DANGEROUSLY_DISABLE_HOST_CHECK": "true"}},
	{runs(`ng\s+serve`), "angular", longHost, longPort, map[string]string{"NG_CLI_ANALYTICS": "false"}},
	{runs(`vue-cli-service\s+serve`), "vue-cli", longHost, longPort, nil},
	{runs(`gatsby\s+develop`), "gatsby", "-H 0.0.0.0", "-p $PORT", map[string]string{"GATSBY_TELEMETRY_DISABLED": "1"}},
	{runs(`webpack(?:-dev-server|\s+serve|\s+server)`), "webpack", longHost, longPort, nil},
	{runs(`parcel(?:\s+serve)?(?:\s+[\w./-]+\.html)?`), "parcel", longHost, longPort, nil},
	{runs(`(?:eleventy|@11ty/eleventy)\s+--serve`), "eleventy", "", longPort, nil},
}

// bundlers are the packages whose presence makes the dev script the one to preview.
var bundlers = []string{
	"next", "nuxt", "astro", "vite", "react-scripts", "@angular/cli", "@vue/cli-service", "gatsby", "webpack-dev-server",
	"parcel", "@remix-run/dev", "@react-router/dev", "vinxi",
}

// nodeServers are the server frameworks by package; one that builds on another stands before it.
var nodeServers = []struct{ pkg, framework string }{
	{"@nestjs/core", "nestjs"},
	{"@adonisjs/core", "adonis"},
	{"fastify", "fastify"},
	{"hono", "hono"},
	{"@hapi/hapi", "hapi"},
	{"koa", "koa"},
	{"express", "express"},
	{"restify", "restify"},
	{"polka", "polka"},
	{"h3", "h3"},
	{"json-server", "json-server"},
	{"socket.io", "socket.io"},
	{"ws", "ws"},
	{"next", "next"},
	{"nuxt", "nuxt"},
	{"astro", "astro"}, // built, they serve by themselves
}

// server names the server framework the project requires, "" for none.
func (p *nodeProject) server() string {
	for _, one := range nodeServers {
		if p.pkg.has(one.pkg) {
			return one.framework
		}
	}
	return ""
}

func nodeServerName(packages []string) string {
	have := map[string]string{}
	for _, name := range packages {
		have[name] = ""
	}
	p := nodeProject{pkg: &nodePackage{Dependencies: have}}
	return p.server()
}

// devServerOf returns the dev server a script ends with, nil when it is none.
func devServerOf(script string) *devServer {
	last := script
	if at := strings.LastIndex(script, "&&"); at >= 0 {
		last = script[at+2:]
	}
	last = strings.TrimSpace(last)
	if strings.ContainsAny(last, "|;&`\n") || strings.Contains(last, "--help") {
		return nil
	}
	for i := range devServers {
		if devServers[i].pattern.MatchString(last) {
			return &devServers[i]
		}
	}
	return nil
}

// metaFramework names what is built on Vite.
func (p *nodeProject) metaFramework() string {
	switch {
	case p.pkg.has("@sveltejs/kit"):
		return "sveltekit"
	case p.pkg.has("@solidjs/start"):
		return "solid-start"
	}
	return "vite"
}
