package preview

import "errors"

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
