package detect

import (
	"fmt"
	"strings"

	"previewd/runtime/preview"
)

// nodeProject is a folder of a Node project with what was read of it.
type nodeProject struct {
	folder  folder
	pkg     *nodePackage
	manager nodeManager
	extra   []string // packages to install beside those required
	notes   []string
}

// nodeStart is one way to start a Node project.
type nodeStart struct {
	framework string
	command   string
	prepare   []string
	env       map[string]string
	static    string // folder to serve after prepare, instead of a command
	port      int
	rank      rank
}

func detectNode(f folder, opts Options) *candidate {
	if !f.isFile("package.json") {
		return bareNode(f)
	}
	c := newCandidate(f, preview.RuntimeNode)
	pkg, err := readPackage(f)
	if err != nil {
		c.missing = broken(f, "package.json", err.Error())
		return c
	}
	p := &nodeProject{folder: f, pkg: pkg}
	p.manager = p.detectManager()
	start, bins := p.start(opts), []string{"node_modules/.bin"}
	if member, found := p.memberStart(start, opts); found != nil {
		start = found
		bins = append([]string{member + "/node_modules/.bin"}, bins...)
	}
	if start == nil {
		if site := detectStatic(f, opts); site != nil { // package.json only brings tools
			return nil
		}
		start = &nodeStart{framework: p.server()}
		c.missing = noStart(f, "A Node project (package.json) was recognised",
			"scripts named start, dev, serve, server or develop, for a main field, and for server, index, app or main (.js, .mjs, .cjs, .ts), also in src/",
			`Add a start script to package.json, such as "start": "node server.js".`)
	}
	p.fill(c, start, bins)
	return c
}

func (p *nodeProject) fill(c *candidate, s *nodeStart, bins []string) {
	c.plan.Framework, c.plan.Command, c.plan.Prepare = s.framework, s.command, s.prepare
	c.plan.StaticDir, c.plan.Port, c.rank = s.static, s.port, s.rank
	c.plan.Install = p.install()
	c.binPath(bins...)
	for name, value := range s.env {
		c.setenv(name, value)
	}
	c.plan.Notes = append(c.plan.Notes, p.notes...)
}

func (p *nodeProject) note(format string, args ...any) {
	p.notes = append(p.notes, fmt.Sprintf(format, args...))
}

// bareNode recognises a server without a package.json.
func bareNode(f folder) *candidate {
	p := &nodeProject{folder: f, pkg: &nodePackage{}}
	entry := p.entry(true)
	if entry == "" {
		return nil
	}
	p.manager = nodeManager{name: "npm"}
	p.extra = knownNodeImports(f.scan(entry))
	if len(p.extra) > 0 {
		p.note("There is no package.json: installing %s, which %s imports.", strings.Join(p.extra, ", "), entry)
	}
	c := newCandidate(f, preview.RuntimeNode)
	p.fill(c, &nodeStart{command: p.runFile(entry), rank: rankScript, framework: nodeServerName(p.extra)}, []string{"node_modules/.bin"})
	return c
}

// knownNodeImports lists the well-known packages a file imports; guessing from any import would install whatever
// a typo names.
func knownNodeImports(code string) []string {
	var found []string
	for _, name := range []string{
		"@hono/node-server", "axios", "bcryptjs", "better-sqlite3", "body-parser", "compression", "cookie-parser", "cors",
		"dotenv", "ejs", "express", "express-session", "fastify", "helmet", "hono", "jsonwebtoken", "koa", "mongoose",
		"morgan", "multer", "nanoid", "pg", "socket.io", "uuid", "ws", "zod",
	} {
		for _, quoted := range []string{`"` + name + `"`, `'` + name + `'`} {
			if strings.Contains(code, "require("+quoted) || strings.Contains(code, "from "+quoted) || strings.Contains(code, "import "+quoted) {
				found = append(found, name)
				break
			}
		}
	}
	return found
}
