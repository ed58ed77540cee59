package api

import (
	"net/http"
	"time"

	"previewd/runtime/preview"
	"previewd/server/problem"
)

// soon is when a starting preview is worth another try.
const soon = time.Second

// notRunning refuses what only a running preview can do, with the preview's state and reason: a starting one is worth
// another try soon, an ended one is not.
func notRunning(p preview.Preview) error {
	e := problem.Newf(problem.PreviewNotRunning, "The preview is %s.", p.Status).OfApp().
		With("preview_status", p.Status).With("phase", nil).With("reason", nil).With("message", nil).With("hint", nil)
	if p.Status == preview.Starting {
		e.Status = http.StatusServiceUnavailable
		return e.With("phase", p.Phase).After(soon)
	}
	if p.Reason == nil {
		return e
	}
	e.Detail += " " + p.Reason.Message
	return e.With("reason", p.Reason.Code).With("message", p.Reason.Message).With("hint", orNull(p.Reason.Hint))
}
