package detect

import (
	"io/fs"

	"previewd/runtime/preview"
)

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
	return Plan{}, &preview.Reason{Code: preview.UnrecognisedProject, Message: "Nothing recognised."}
}
