package preview

import (
	"errors"
	"fmt"
)

// Errors of the domain. Packages wrap them with %w; the API maps each to one error code.
var (
	ErrGenerationNotFound = errors.New("generation not found")
	ErrPreviewNotFound    = errors.New("preview not found")
	ErrPermissionDenied   = errors.New("generation belongs to another user")
	ErrNoPorts            = errors.New("no ports available")
	ErrQuotaExceeded      = errors.New("quota exceeded")
	ErrGenerationActive   = errors.New("generation has an active preview")
	ErrInvalidCursor      = errors.New("invalid cursor")
	ErrEngineUnavailable  = errors.New("container engine unavailable")
	ErrEventNotFound      = errors.New("webhook event not found")
	// ErrTakenOver says that another previewd process is responsible for the preview: whoever was before has no say any more.
	ErrTakenOver = errors.New("preview taken over by another previewd")

	ErrInstanceNotFound = errors.New("instance not found")
	ErrImageNotFound    = errors.New("image not found")
	ErrPortTaken        = errors.New("port taken by another program")
)

// NoRoomError says that no machine can take an instance, and why, in the scheduler's words.
type NoRoomError struct{ Why string }

func (e *NoRoomError) Error() string { return "no machine can take the instance: " + e.Why }

// RegistryError says that an engine cannot get an image into a registry or out of it, why, and what an operator can do about it.
type RegistryError struct {
	Op     string // such as "pull the image"
	Engine string // whose, in words: "the manager", "node n2"
	Why    string
	Advice string
	Err    error // the engine's own words
}

func (e *RegistryError) Error() string {
	return fmt.Sprintf("%s cannot %s: %s: %v. %s", e.Engine, e.Op, e.Why, e.Err, e.Advice)
}

func (e *RegistryError) Unwrap() error { return e.Err }
