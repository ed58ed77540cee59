package detect

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"previewd/runtime/preview"
)

// goBinary is where the program is built: inside AppDir, because /tmp may forbid executing.
const goBinary = AppDir + "/.deps/bin/app"

// goServers are web frameworks by import path prefix.
var goServers = []struct{ prefix, framework string }{
	{"github.com/gin-gonic/gin", "gin"},
	{"github.com/labstack/echo", "echo"},
	{"github.com/gofiber/fiber", "fiber"},
	{"github.com/go-chi/chi", "chi"},
	{"github.com/gorilla/mux", "gorilla"},
	{"github.com/beego/beego", "beego"},
	{"github.com/valyala/fasthttp", "fasthttp"},
	{"github.com/julienschmidt/httprouter", "httprouter"},
	{"net/http", "net/http"},
}

func detectGo(f folder, _ Options) *candidate {
	m := readGoModule(f)
	if m == nil {
		return nil
	}
	c := newCandidate(f, preview.RuntimeGo)
	if m.problem != "" {
		c.missing = broken(f, "go.mod", m.problem)
		return c
	}
	m.environment(c)
	mains := m.mains()
	if len(mains) == 0 {
		c.missing = noStart(f, "A Go module was recognised", "a main package in the root, cmd/ and the folders below",
			"Add a main package, or "+configFile+" with root or command.")
		return c
	}
	main := mains[0]
	deps := m.reach(main)
	c.plan.Framework, c.rank = goFramework(deps), goRank(deps)
	c.plan.Prepare = append(m.prepare(), "go build -o "+goBinary+" "+goTarget(main))
	c.plan.Command = goBinary
	c.plan.Install = m.install(deps)
	if len(mains) > 1 {
		c.note("Several main packages: building %s; also found %s.", goTarget(main), strings.Join(mains[1:], ", "))
	}
	if deps.cgo {
		c.setenv("CGO_ENABLED", "1")
		c.note("The program uses cgo: it is compiled with the image's C compiler.")
	}
	return c
}

func goTarget(dir string) string {
	if dir == "." {
		return "."
	}
	return quote("./" + dir)
}

func goFramework(deps goDeps) string {
	for _, one := range goServers {
		for _, imported := range slices.Concat(deps.external, deps.std) {
			if strings.HasPrefix(imported, one.prefix) {
				return one.framework
			}
		}
	}
	return ""
}

func goRank(deps goDeps) rank {
	switch framework := goFramework(deps); {
	case framework != "":
		return rankServer
	case slices.Contains(deps.std, "net"):
		return rankScript
	}
	return rankProgram
}

// environment keeps all that go writes inside AppDir. The module cache is writable so that it can be removed.
func (m *goModule) environment(c *candidate) {
	flags := "-buildvcs=false -modcacherw"
	if m.incomplete {
		flags += " -mod=mod -modfile=" + path.Join(AppDir, c.folder.dir, ".deps/go.mod")
	}
	c.binPath()
	c.setenv("GOCACHE", AppDir+"/.deps/go-build")
	c.setenv("GOMODCACHE", AppDir+"/.deps/go-mod")
	c.setenv("GOFLAGS", flags)
	c.setenv("GOTOOLCHAIN", "auto")
}

// prepare makes a go.mod for a project that has none.
func (m *goModule) prepare() []string {
	var steps []string
	if m.file == "" {
		steps = append(steps, "printf 'module "+m.path+"\\n' > go.mod")
	}
	if m.incomplete {
		// The install's own copy says what it resolved; without an install there is none yet.
		steps = append(steps, goModCopy)
	}
	return steps
}

// goModCopy gives go a copy of go.mod and go.sum that it may complete.
const goModCopy = "mkdir -p .deps && { [ -f .deps/go.mod ] || cp go.mod .deps/; } && { [ -f .deps/go.sum ] || [ ! -f go.sum ] || cp go.sum .deps/; }"

// install downloads and compiles what the program imports from elsewhere, so that a launch compiles the project's
// own packages only. The standard library comes compiled with the image.
func (m *goModule) install(deps goDeps) *Install {
	packages := deps.external
	if len(packages) == 0 {
		if !m.newer() {
			return nil
		}
		packages = deps.std // another toolchain comes, and with it an empty build cache
	}
	inputs := m.folder.inputs("go.mod", "go.sum", "go.work", "go.work.sum")
	if m.local || m.vendored {
		inputs = m.folder.files()
	}
	var steps []string
	if m.file == "" {
		inputs = []string{}
		steps = m.prepare()
	} else if m.incomplete {
		steps = []string{goModCopy}
	}
	if m.incomplete {
		steps = append(steps, "go get "+strings.Join(quoteAll(m.unrequired(deps)), " "))
		if len(m.unrequired(deps)) == 0 {
			steps = steps[:len(steps)-1]
		}
	}
	steps = append(steps, "go build "+strings.Join(quoteAll(packages), " "))
	return &Install{Command: strings.Join(steps, " && "), Inputs: inputs}
}

func quoteAll(words []string) []string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = quote(word)
	}
	return quoted
}

// mains lists the folders of main packages, the one to run first.
func (m *goModule) mains() []string {
	var dirs []string
	for dir, pkg := range m.packages {
		if pkg.name == "main" && !goNotMain[path.Base(dir)] {
			dirs = append(dirs, dir)
		}
	}
	slices.SortFunc(dirs, func(a, b string) int {
		return cmp.Or(
			cmp.Compare(goRank(m.reach(b)), goRank(m.reach(a))),
			cmp.Compare(goNameWeight(a), goNameWeight(b)),
			cmp.Compare(strings.Count(a, "/"), strings.Count(b, "/")),
			cmp.Compare(a, b),
		)
	})
	return dirs
}

var goNotMain = map[string]bool{"examples": true, "example": true, "tools": true, "scripts": true, "testdata": true, "internal": true}

func goNameWeight(dir string) int {
	order := []string{".", "server", "web", "api", "app", "main"}
	if at := slices.Index(order, path.Base(dir)); at >= 0 {
		return at
	}
	return len(order)
}
