package detect

import (
	"io/fs"

	"previewd/runtime/preview"
)

// AppDir is where the generation is laid out inside an instance; the project's root is AppDir/Plan.Root.
const AppDir = "/app"

// Options is what the caller of a launch adds to the files.
type Options struct {
	Command    string   // starts the app instead of what detection or the project's own files say
	Env        []string // names the caller gives values for; only used to word notes
	BaseDomain string   // domain previews are reached under, default "preview.localhost"
}

// Detect decides how the project in tree runs. tree is the generation's files, untrusted; reads are bounded.
// An error is a *preview.Reason: UNRECOGNISED_PROJECT when nothing in tree is known or a file that decides is
// broken, NO_START_COMMAND when the runtime is known and nothing says how to start it.
func Detect(tree fs.FS, opts Options) (Plan, error) {
	if opts.BaseDomain == "" {
		opts.BaseDomain = "preview.localhost"
	}
	top := newIndex(tree).top().unwrap()
	conf, err := readConfig(top)
	if err != nil {
		return Plan{}, err
	}
	if conf == nil {
		conf = &config{}
	}
	if conf.Root != "" {
		top = top.sub(conf.Root)
	}
	found, err := conf.choose(top, opts)
	if err != nil {
		return Plan{}, err
	}
	if err := start(found, top, conf, opts); err != nil {
		return Plan{}, err
	}
	plan := found.plan
	conf.apply(&plan, found.folder)
	plan.Notes = append(plan.Notes, missingEnv(found.folder, plan.Env, opts.Env)...)
	return plan, nil
}

// start settles the command: the launch request's word, then previewd.yaml's, then the Procfile's, then what the
// detector found.
func start(found *candidate, top folder, conf *config, opts Options) error {
	from, command := "the launch request", opts.Command
	if command == "" {
		from, command = configFile, conf.Command
	}
	if command == "" {
		from, command = "the Procfile", procfileWeb(found.folder, top)
	}
	if command != "" {
		found.override(command)
		found.note("The command comes from %s.", from)
		return nil
	}
	if found.missing != nil {
		return found.missing
	}
	return nil
}

// runtimeOf guesses a runtime for a command that came without a recognised project, from the command's own words.
func runtimeOf(command string) preview.Runtime {
	for _, word := range commandWords(command) {
		if r, ok := commandRuntimes[word]; ok {
			return r
		}
	}
	return ""
}

var commandRuntimes = map[string]preview.Runtime{
	"node": preview.RuntimeNode, "npm": preview.RuntimeNode, "npx": preview.RuntimeNode, "pnpm": preview.RuntimeNode,
	"yarn": preview.RuntimeNode, "tsx": preview.RuntimeNode, "vite": preview.RuntimeNode, "next": preview.RuntimeNode,
	"python": preview.RuntimePython, "python3": preview.RuntimePython, "uvicorn": preview.RuntimePython,
	"gunicorn": preview.RuntimePython, "flask": preview.RuntimePython, "uv": preview.RuntimePython,
	"fastapi": preview.RuntimePython, "streamlit": preview.RuntimePython, "hypercorn": preview.RuntimePython,
	"go": preview.RuntimeGo,
}
