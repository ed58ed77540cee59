package api

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"previewd/runtime/preview"
	"previewd/server/problem"
)

const (
	maxTimeout  = 600 // seconds
	minMemoryMB = 16
	maxCommand  = 4 << 10 // bytes
	maxEnv      = 200
	maxEnvName  = 256       // bytes
	maxEnvValue = 32 << 10  // bytes
	maxEnvTotal = 256 << 10 // bytes
)

// launchRequest is the body of a launch. Absent members are nil.
type launchRequest struct {
	ProjectID *string
	Timeout   *int
	Env       map[string]string
	MemoryMB  *int
	Command   *string
	Wait      bool
}

func newLaunchRequest(o *object) launchRequest {
	return launchRequest{
		ProjectID: o.text("project_id"), Timeout: o.whole("timeout"), Env: o.texts("env"), MemoryMB: o.whole("memory_mb"),
		Command: o.text("command"), Wait: o.flag("wait"),
	}
}

// check names the first member that is not as it has to be. memoryLimit is in MB.
func (l launchRequest) check(memoryLimit int) error {
	switch {
	case l.ProjectID == nil:
		return invalid("project_id", "is required")
	case !preview.ValidID(*l.ProjectID):
		return invalid("project_id", "want 1-128 characters of A-Z, a-z, 0-9, dot, underscore and hyphen")
	case l.Timeout != nil && (*l.Timeout < 1 || *l.Timeout > maxTimeout):
		return invalid("timeout", fmt.Sprintf("want 1 to %d seconds", maxTimeout))
	case l.MemoryMB != nil && (*l.MemoryMB < minMemoryMB || *l.MemoryMB > memoryLimit):
		return invalid("memory_mb", fmt.Sprintf("want %d to %d", minMemoryMB, memoryLimit))
	case l.Command != nil && strings.TrimSpace(*l.Command) == "":
		return invalid("command", "is empty")
	case l.Command != nil && len(*l.Command) > maxCommand:
		return invalid("command", fmt.Sprintf("is longer than %d bytes", maxCommand))
	case l.Command != nil && !passable(*l.Command):
		return invalid("command", "holds a NUL or is not UTF-8")
	}
	return checkEnv(l.Env)
}

var envName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// reservedEnv begins the names by which previewd speaks to its own process inside the preview.
const reservedEnv = "PREVIEWD_"

func checkEnv(env map[string]string) error {
	if len(env) > maxEnv {
		return invalid("env", fmt.Sprintf("has %d variables, more than %d", len(env), maxEnv))
	}
	total := 0
	for _, name := range slices.Sorted(maps.Keys(env)) {
		value := env[name]
		total += len(name) + len(value)
		field := "env." + shown(name)
		switch {
		case len(name) > maxEnvName || !envName.MatchString(name):
			return invalid(field, "want a name of letters, digits and underscores that does not begin with a digit")
		case strings.HasPrefix(strings.ToUpper(name), reservedEnv):
			return invalid(field, "names that begin with "+reservedEnv+" are reserved")
		case len(value) > maxEnvValue:
			return invalid(field, fmt.Sprintf("its value is longer than %d bytes", maxEnvValue))
		case !passable(value):
			return invalid(field, "its value holds a NUL or is not UTF-8")
		}
	}
	if total > maxEnvTotal {
		return invalid("env", fmt.Sprintf("is larger than %d bytes", maxEnvTotal))
	}
	return nil
}

// passable text can be an argument or a variable of a process.
func passable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

func invalid(field, text string) error {
	return problem.New(problem.InvalidRequest, field+": "+text)
}
