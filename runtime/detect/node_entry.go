package detect

import (
	"path"
	"regexp"
	"strings"
)

// nodeServes is what a program that serves HTTP looks like.
var nodeServes = regexp.MustCompile(`\.listen\(|createServer\(|\bserve\(|NestFactory|Deno\.serve|new WebSocketServer`)

// entry finds the file that starts the project: the main field, then an obvious name. Where evidence is asked for,
// the file must look like a server.
func (p *nodeProject) entry(evidence bool) string {
	names := []string{p.resolve(path.Clean(p.pkg.Main))}
	for _, dir := range []string{"", "src/", "server/", "api/"} {
		for _, stem := range []string{"server", "index", "app", "main"} {
			for _, ext := range []string{".js", ".mjs", ".cjs", ".ts", ".mts"} {
				names = append(names, dir+stem+ext)
			}
		}
	}
	first := ""
	for _, name := range names {
		if name == "" || !p.folder.isFile(name) || !isScript(name) {
			continue
		}
		if nodeServes.MatchString(p.folder.scan(name)) {
			return name
		}
		if first == "" {
			first = name
		}
	}
	if evidence {
		return ""
	}
	return first
}

func isScript(name string) bool {
	switch path.Ext(name) {
	case ".js", ".mjs", ".cjs", ".ts", ".mts":
		return !strings.HasSuffix(name, ".d.ts")
	}
	return false
}

// runFile is the command that runs a file: node, which strips types by itself, or tsx where the sources need more
// than that.
func (p *nodeProject) runFile(name string) string {
	ext := path.Ext(name)
	if ext != ".ts" && ext != ".mts" {
		return "node " + quote(name)
	}
	switch {
	case p.pkg.has("tsx"):
		return "tsx " + quote(name)
	case !p.needsTransform():
		return "node " + quote(name)
	case p.pkg.has("ts-node"):
		return "ts-node " + quote(name)
	}
	p.extra = append(p.extra, "tsx")
	p.note("Installing tsx: the sources use TypeScript that node alone does not run.")
	return "tsx " + quote(name)
}

var (
	tsSyntax = regexp.MustCompile(`(?m)^\s*(?:export\s+)?(?:const\s+)?enum\s+\w|^\s*(?:export\s+)?namespace\s+\w|^\s*@\w+\s*\(|` +
		`constructor\s*\([^)]*\b(?:private|public|protected|readonly)\s|^\s*import\s+\w+\s*=\s*require|^\s*export\s*=`)
	tsRelative = regexp.MustCompile(`(?:from|import|import\()\s*["'](\.{1,2}/[^"']*)["']`)
)

// needsTransform reports whether the TypeScript sources use what stripping types leaves behind: enums,
// namespaces, decorators, parameter properties, imports without the file's extension.
func (p *nodeProject) needsTransform() bool {
	scanned := 0
	for _, name := range p.folder.files() {
		if ext := path.Ext(name); ext != ".ts" && ext != ".mts" && ext != ".tsx" || strings.HasSuffix(name, ".d.ts") {
			continue
		}
		if scanned++; scanned > maxSources {
			return false
		}
		code := p.folder.scan(name)
		if tsSyntax.MatchString(code) {
			return true
		}
		for _, m := range tsRelative.FindAllStringSubmatch(code, -1) {
			if !p.folder.isFile(path.Join(path.Dir(name), m[1])) {
				return true
			}
		}
	}
	return false
}
