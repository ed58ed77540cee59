package api

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"previewd/runtime/preview"
	"previewd/server/problem"
)

const (
	maxTimeout  = 600 // seconds
	minMemoryMB = 16
	maxCommand  = 4 << 10 // bytes
)

// launchRequest is the body of a launch. Absent members are nil.
type launchRequest struct {
	ProjectID *string
	Timeout   *int
	Env       map[string]string
	SecretEnv preview.SecretEnv
	MemoryMB  *int
	Command   *string
	Wait      bool
}

func newLaunchRequest(o *object) launchRequest {
	return launchRequest{
		ProjectID: o.text("project_id"), Timeout: o.whole("timeout"), Env: o.texts("env"), SecretEnv: o.texts("secret_env"), MemoryMB: o.whole("memory_mb"),
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
	if err := checkEnv("env", l.Env, maxEnvTotal); err != nil {
		return err
	}
	return checkSecrets(l.SecretEnv, l.Env)
}

// passable text can be an argument or a variable of a process.
func passable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

func invalid(field, text string) error {
	return problem.New(problem.InvalidRequest, field+": "+text)
}
