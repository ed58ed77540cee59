package detect

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"previewd/runtime/preview"
)

// byRuntime is what previewd.yaml's runtime can demand.
var byRuntime = map[preview.Runtime]func(folder, Options) *candidate{
	preview.RuntimePython:     detectPython,
	preview.RuntimeNode:       detectNode,
	preview.RuntimeGo:         detectGo,
	preview.RuntimeStatic:     detectStatic,
	preview.RuntimeDockerfile: detectDockerfile,
}

// choose finds the project with what previewd.yaml says taken as given.
func (c *config) choose(top folder, opts Options) (*candidate, error) {
	command := cmp.Or(opts.Command, c.Command, procfileWeb(top))
	if c.Runtime != "" {
		return c.demanded(top, command, opts)
	}
	var found *candidate
	if c.Root != "" { // the root was named: nothing below it is meant
		found = detectFolder(top, opts)
	} else {
		found = choose(top, opts)
	}
	found = orDockerfile(found, top, opts)
	if found != nil {
		return found, nil
	}
	if runtime := runtimeOf(command); runtime != "" {
		return newCandidate(top, runtime), nil
	}
	return nil, unrecognised(top)
}

// demanded uses one runtime's detector, or nothing but the command when that finds nothing.
func (c *config) demanded(top folder, command string, opts Options) (*candidate, error) {
	if found := byRuntime[c.Runtime](top, opts); found != nil {
		return found, nil
	}
	if command == "" || c.Runtime == preview.RuntimeDockerfile {
		return nil, &preview.Reason{
			Code:    preview.NoStartCommand,
			Message: fmt.Sprintf("%s asks for runtime %s, but the project%s has nothing that starts with it.", configFile, c.Runtime, top.where()),
			Hint:    fmt.Sprintf("Add a command to %s, or remove runtime so that it is detected.", configFile),
		}
	}
	return newCandidate(top, c.Runtime), nil
}

// apply lays previewd.yaml's other words over the plan.
func (c *config) apply(plan *Plan, f folder) {
	if c.Install != nil {
		plan.Install = nil
		if *c.Install != "" { // it may read anything
			plan.Install = &Install{Command: *c.Install, Inputs: f.files()}
		}
	}
	if len(c.Env) > 0 {
		env := maps.Clone(plan.Env)
		if env == nil {
			env = map[string]string{}
		}
		maps.Copy(env, c.Env)
		plan.Env = env
	}
	plan.Port = cmp.Or(c.Port, plan.Port)
	plan.HealthPath = cmp.Or(c.HealthPath, plan.HealthPath)
	plan.MemoryMB = cmp.Or(c.MemoryMB, plan.MemoryMB)
}

// inputs returns those of the names that are files, sorted.
func (f folder) inputs(names ...string) []string {
	var found []string
	for _, name := range names {
		if f.isFile(name) {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
