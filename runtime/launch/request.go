package launch

import "previewd/runtime/preview"

// Request asks for a preview of a stored generation. Zero values take the service's defaults.
type Request struct {
	GenerationID   string
	UserID         string
	ProjectID      string
	Admin          bool // may launch another user's generation, on that user's behalf
	TimeoutSeconds int
	Env            map[string]string
	MemoryMB       int
	Command        string // replaces the detected command
}

// Launched is a preview that was accepted; it is starting. The session token is not kept anywhere in the clear.
type Launched struct {
	Preview      preview.Preview
	SessionToken string
}
