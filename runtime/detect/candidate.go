package detect

import (
	"cmp"
	"fmt"
	"path"
	"strings"

	"previewd/runtime/preview"
)

// rank says how much a candidate looks like the thing to preview.
type rank int

// Ranks, the best last. A server is preferred over the front end that calls it.
const (
	rankNone     rank = iota // the runtime is known, the start is not
	rankStatic               // files to serve
	rankProgram              // a program that may or may not serve
	rankFrontend             // a front end's dev server
	rankScript               // a program that serves
	rankServer               // an app of a known server framework
)

// server reports whether the rank is that of a program that serves.
func (r rank) server() bool { return r >= rankScript }

// candidate is one way to run one folder.
type candidate struct {
	folder  folder
	plan    Plan
	rank    rank
	missing *preview.Reason // set while nothing says how to start it
}

func newCandidate(f folder, runtime preview.Runtime) *candidate {
	return &candidate{folder: f, plan: Plan{Root: f.dir, Runtime: runtime}}
}

func (c *candidate) note(format string, args ...any) {
	c.plan.Notes = append(c.plan.Notes, fmt.Sprintf(format, args...))
}

func (c *candidate) setenv(name, value string) {
	if c.plan.Env == nil {
		c.plan.Env = map[string]string{}
	}
	c.plan.Env[name] = value
}

// override replaces the way the app starts; compiles and migrations before it stay.
func (c *candidate) override(command string) {
	c.plan.Command, c.missing, c.plan.StaticDir = command, nil, ""
	if c.plan.Runtime == preview.RuntimeStatic { // whose image has not even a shell
		c.plan.Runtime = cmp.Or(runtimeOf(command), preview.RuntimeNode)
		c.plan.Notes = nil
	}
}

// binPath puts the project's own programs before the image's. A PATH of the plan replaces the image's.
func (c *candidate) binPath(folders ...string) {
	var joined strings.Builder
	for _, name := range folders {
		joined.WriteString(path.Join(AppDir, c.folder.dir, name) + ":")
	}
	if c.plan.Runtime == preview.RuntimeGo {
		joined.WriteString("/usr/local/go/bin:")
	}
	c.setenv("PATH", joined.String()+"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
}

// noStart says that the runtime is known and nothing tells how to start the project.
func noStart(f folder, what, looked, hint string) *preview.Reason {
	return &preview.Reason{
		Code:    preview.NoStartCommand,
		Message: fmt.Sprintf("%s, but nothing says how to start it: looked for %s%s.", what, looked, f.where()),
		Hint:    hint,
	}
}

// broken says that a file that decides cannot be read.
func broken(f folder, name, problem string) *preview.Reason {
	return &preview.Reason{
		Code:    preview.UnrecognisedProject,
		Message: fmt.Sprintf("%s is broken: %s.", path.Join(f.dir, name), problem),
		Hint:    "Correct the file and launch again.",
	}
}

// where words the folder for a sentence, "" for the top.
func (f folder) where() string {
	if f.dir == "." {
		return ""
	}
	return " in " + f.dir + "/"
}
