package ecma

import (
	"path"
	"regexp"
	"sort"
	"strings"

	"previewd/runtime/endpoints/internal/ecma/ast"
	"previewd/runtime/endpoints/internal/ecma/eval"
)

// runner are programs that a script starts a source file with.
var runner = regexp.MustCompile(`(?:^|[\s/"'&|;])(?:node|nodemon|ts-node|ts-node-dev|tsnd|tsx|babel-node|bun|deno|pm2|pm2-runtime|fastify|esno|esmo|swc-node|forever|micro|supervisor|tsimp|jiti|nodejs|electron|vite-node|wrangler|serve)\b([^&|;]*)`)

// fastifyStart is fastify-cli: the file it starts exports a plugin, not an app.
var fastifyStart = regexp.MustCompile(`\bfastify\s+start\b`)

// entries are the files that the package starts from: what its scripts run, then its main.
func entries(r *eval.Resolver, p *eval.Package) []string {
	var found []string
	seen := map[string]bool{}
	add := func(name string) {
		if name != "" && path.Ext(name) != ".json" && !seen[name] {
			seen[name] = true
			found = append(found, name)
		}
	}
	for _, name := range scriptNames(p) {
		for _, arg := range arguments(p.Scripts[name]) {
			add(r.Built(p.Dir, arg))
		}
		if strings.Contains(p.Scripts[name], "nest start") {
			add(r.Built(p.Dir, "src/main"))
		}
	}
	for _, main := range p.Main {
		add(r.Built(p.Dir, main))
	}
	return found
}

// scriptNames are the scripts that may start the app. Those that start are first.
func scriptNames(p *eval.Package) []string {
	var names []string
	for name := range p.Scripts {
		if !other.MatchString(name) {
			names = append(names, name)
		}
	}
	sort.Slice(names, func(i, j int) bool {
		a, b := rank(names[i]), rank(names[j])
		return a < b || a == b && names[i] < names[j]
	})
	return names
}

var other = regexp.MustCompile(`(?i)test|seed|migrat|lint|build|clean|format|codegen|generate|^pre|^post|docs?$|storybook|typecheck|import|deploy|release`)

func rank(name string) int {
	switch {
	case name == "start":
		return 0
	case strings.HasPrefix(name, "start"):
		return 1
	case strings.HasPrefix(name, "dev"), strings.HasPrefix(name, "serve"):
		return 2
	}
	return 3
}

var filename = regexp.MustCompile(`^[\w@./-]+$`)

// arguments are the words of a script that may name a source file.
func arguments(script string) []string {
	var found []string
	for _, match := range runner.FindAllStringSubmatch(script, -1) {
		skip := false
		for word := range strings.FieldsSeq(match[1]) {
			word = strings.Trim(word, `"'`)
			switch {
			case skip:
				skip = false
			case word == "-r" || word == "--require" || word == "--watch" || word == "-w" || word == "-e" || word == "--ext" || word == "--exec" || word == "--loader" || word == "--import" || word == "-P" || word == "--project":
				skip = word != "--exec"
				if word == "--watch" || word == "-w" {
					skip = false
				}
			case strings.HasPrefix(word, "-"), strings.Contains(word, "="), !filename.MatchString(word):
			default:
				found = append(found, word)
			}
		}
	}
	return found
}

// Names of files that servers are in when nothing says so.
var usual = []string{"server", "app", "main", "index", "src/server", "src/app", "src/main", "src/index", "api/index", "bin/www", "server/index", "server/app", "server/server", "src/server/index"}

// looksLikeServer reports whether a source makes an app of a framework.
var looksLikeServer = regexp.MustCompile(`(?:require\(|from\s+|import\s+)\(?\s*['"](?:express|ultimate-express|koa|fastify|hono|hono/[\w-]+|@hono/[\w-]+|elysia|restify|polka|@tinyhttp/app|hyper-express|itty-router|h3|@?hapi(?:/hapi)?|@nestjs/core|routing-controllers|inversify-express-utils|@overnightjs/core|fastify-decorators|consign|@adonisjs/core/services/router|@ioc:Adonis/Core/Route|@tsed/[\w-]+|@loopback/rest|@midwayjs/core|tsoa|@tsoa/runtime)['"]`)

// scanned is a source with controllers that its framework finds by looking through folders.
var scanned = regexp.MustCompile(`from\s+['"](?:tsoa|@tsoa/runtime|@midwayjs/core|@midwayjs/decorator|@tsed/[\w-]+|@loopback/rest|fastify-decorators)['"]`)

// sourcesOf are the sources of the package that are not of a package inside of it.
func sourcesOf(f *files, r *eval.Resolver, p *eval.Package) []string {
	var names []string
	for _, name := range f.project.Sources(ast.Extensions()...) {
		if r.PackageOf(name) == p {
			names = append(names, name)
		}
	}
	return names
}
