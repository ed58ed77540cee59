package detect

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// builtDirs are the folders builds write to.
var builtDirs = []string{"dist", "build", "out", "lib", ".next", ".output", ".build"}

// servesBuild matches tools that serve what a build made.
var servesBuild = regexp.MustCompile(`\b(?:next start|vite preview|nuxt (?:start|preview)|astro preview|remix-serve|react-router-serve|serve -s build)\b`)

var scriptWord = regexp.MustCompile(`[^\s"';&|]+`)

// commandWords splits a command into words without their folders: ".venv/bin/uvicorn" is "uvicorn".
func commandWords(command string) []string {
	words := scriptWord.FindAllString(command, 64)
	for i, word := range words {
		words[i] = path.Base(word)
	}
	return words
}

// needsBuild reports whether a script starts files that only a build makes.
func (p *nodeProject) needsBuild(script string) bool {
	if servesBuild.MatchString(script) {
		return true
	}
	if strings.Contains(script, "build") && strings.Contains(script, "&&") || strings.HasPrefix(script, "tsc") && strings.Contains(script, "&&") {
		return false // it builds by itself
	}
	for _, word := range scriptWord.FindAllString(script, 64) {
		word = path.Clean(strings.TrimPrefix(word, "./"))
		first, _, deep := strings.Cut(word, "/")
		if deep && slices.Contains(builtDirs, first) && p.resolve(word) == "" {
			return true
		}
	}
	return false
}

// resolve finds the file Node would load for a path: with an extension added, or a folder's index.
func (p *nodeProject) resolve(name string) string {
	if name == "" || name == "." {
		return ""
	}
	var names []string
	for _, stem := range []string{name, path.Join(name, "index")} {
		names = append(names, stem, stem+".js", stem+".mjs", stem+".cjs", stem+".ts", stem+".mts")
	}
	return p.folder.first(names...)
}

// runScript words the start of a script. Without scripts before or after it, its text runs directly, as npm would
// run it: starting npm only to start it costs a third of a second and 50 MB for as long as the preview lives.
func (p *nodeProject) runScript(name, script, flags string) string {
	if p.pkg.Scripts["pre"+name] == "" && p.pkg.Scripts["post"+name] == "" && !strings.Contains(script, "npm_") && !strings.Contains(script, "INIT_CWD") {
		return strings.TrimSpace(script + " " + flags)
	}
	if flags == "" {
		return p.manager.run(name)
	}
	if p.manager.name == "npm" {
		flags = "-- " + flags
	}
	return p.manager.run(name) + " " + flags
}

var watched = regexp.MustCompile(`^(?:npx\s+)?(nodemon|ts-node|ts-node-dev|tsx)((?:\s+-{1,2}[\w-]+)*)\s+(?:watch\s+)?([\w./-]+\.(?:js|mjs|cjs|ts|mts))$`)

// runnable replaces a runner that the project calls and does not require by one that is there.
func (p *nodeProject) runnable(script string) string {
	m := watched.FindStringSubmatch(script)
	if m == nil || p.pkg.has(m[1]) || !p.folder.isFile(path.Clean(m[3])) {
		return script
	}
	p.note("%s is called by a script and not required by package.json: starting %s without it.", m[1], m[3])
	return p.runFile(m[3])
}
