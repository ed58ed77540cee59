// Package detect decides from a project's files alone how the project runs. It is a table of small detectors;
// nothing of the project is executed.
package detect

import "previewd/runtime/preview"

// Plan says how a project is installed and started. Commands are for /bin/sh in the project's root, where PORT
// and HOST are set; a command that respects them is preferred, the shim makes any other port work too.
type Plan struct {
	Root      string          `json:"root"` // folder of the project inside the generation, "." or "backend"
	Runtime   preview.Runtime `json:"runtime"`
	Framework string          `json:"framework"` // "fastapi", "express", "vite", …; "" for plain programs

	Install *Install `json:"install,omitempty"` // nil: nothing to install
	Prepare []string `json:"prepare,omitempty"` // run in the preview before the app, such as a migration or a compile
	Command string   `json:"command,omitempty"` // starts the app; "" for static sites and for a Dockerfile's own command

	Env        map[string]string `json:"env,omitempty"`         // defaults; the caller's own values win
	Port       int               `json:"port,omitempty"`        // the port the project says it listens on, 0 unknown
	HealthPath string            `json:"health_path,omitempty"` // asked instead of "/" and after the start
	MemoryMB   int               `json:"memory_mb,omitempty"`   // what the project asks for, 0 unknown

	StaticDir  string `json:"static_dir,omitempty"` // folder to serve, relative to Root, instead of a command
	Dockerfile string `json:"dockerfile,omitempty"` // path relative to Root, for RuntimeDockerfile

	Notes []string `json:"notes,omitempty"` // how it was decided, one sentence each, for the preview's log
}

// Install is the step whose result is cached. The result may depend on nothing but the command, the inputs'
// content and the runtime image.
type Install struct {
	Command string   `json:"command"`
	Inputs  []string `json:"inputs"` // files relative to Root, sorted: manifests and lockfiles, or every file where scripts need them
}
