package launch

import "previewd/runtime/preview"

// Request asks for a preview of a stored generation. Zero values take the service's defaults.
type Request struct {
	GenerationID   string
	UserID         string
	ProjectID      string
	By             string // who asks, and whose launches are counted: UserID or an admin
	TimeoutSeconds int
	Env            map[string]string
	MemoryMB       int
	SecretEnv      preview.SecretEnv // environment, too; its values are kept out of all that previewd tells
	Command        string            // replaces the detected command
}

// Launched is a preview that was accepted; it is starting. The session token is not kept anywhere in the clear.
type Launched struct {
	Preview      preview.Preview
	SessionToken string
}
