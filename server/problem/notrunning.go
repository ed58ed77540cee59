package problem

import (
	"net/http"
	"time"

	"previewd/runtime/preview"
)

// soon is when a starting preview is worth another try.
const soon = time.Second

// NotRunning refuses what only a running preview can do, with the preview's state and reason: a starting one is worth
// another try soon, an ended one is not.
func NotRunning(p preview.Preview) *Error {
	e := Newf(PreviewNotRunning, "The preview is %s.", p.Status).OfApp().
		With("preview_status", p.Status).With("phase", nil).With("reason", nil).With("message", nil).With("hint", nil)
	if p.Status == preview.Starting {
		e.Status = http.StatusServiceUnavailable
		return e.With("phase", p.Phase).After(soon)
	}
	if p.Reason == nil {
		return e
	}
	e.Detail += " " + p.Reason.Message
	e = e.With("reason", p.Reason.Code).With("message", p.Reason.Message)
	if p.Reason.Hint != "" {
		e = e.With("hint", p.Reason.Hint)
	}
	return e
}
