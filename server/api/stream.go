package api

import (
	"context"
	"net/http"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
	"previewd/server/auth"
	"previewd/server/sse"
)

// StreamLogs handles GET /generations/{generation_id}/preview/logs/stream: the log of the latest preview, or of the one that
// preview_id names, as server-sent events, from the start, after the line the client names, or the last lines; beside it the preview's state
// when it changes. It ends with the preview or the service.
func (a *API) StreamLogs(w http.ResponseWriter, r *http.Request) error {
	p, err := a.streamedPreview(r)
	if err != nil {
		return err
	}
	q, err := streamQueryOf(r)
	if err != nil {
		return err
	}
	after, err := a.streamStart(r.Context(), p.ID, q)
	if err != nil {
		return err
	}
	states, err := a.states(r, p.ID)
	if err != nil {
		return err
	}
	defer states.close()
	lines := &following{api: a, id: p.ID, after: after, keep: q.filter.Wants, looked: states.put, final: !p.Status.Active()}
	defer lines.close()
	feed := sse.Feed{
		Lines: lines, States: states.changes, Ended: !p.Status.Active(), Metrics: a.Streams,
		End: func(ctx context.Context) any { return a.endOf(ctx, p) },
	}
	if err := sse.ServeLogs(w, r, feed, a.Done); err != nil {
		// The answer has begun, so the caller can be told nothing but that it ends.
		a.log(r.Context()).WithFields(logrus.Fields{"preview_id": p.ID, "err": err}).Error("log stream broke")
	}
	return nil
}

// streamedPreview is for its owner, or for the bearer of its session token, which opens the latest one alone.
func (a *API) streamedPreview(r *http.Request) (preview.Preview, error) {
	if _, verified := auth.From(r.Context()); verified {
		return a.loggedPreview(r)
	}
	p, err := a.openedPreview(r, auth.SessionToken(r))
	if err != nil {
		return p, err
	}
	id, err := one(r, "preview_id")
	if err == nil && id != "" && id != p.ID {
		err = preview.ErrPreviewNotFound
	}
	return p, err
}

// endBody is the data of a stream's last event.
type endBody struct {
	Status   preview.Status `json:"status"`
	Reason   *preview.Code  `json:"reason"`
	Message  *string        `json:"message"`
	Hint     *string        `json:"hint"`
	ExitCode *int           `json:"exit_code"`
}

// endOf tells why the preview ended. Where it cannot be looked at again, what was known at the beginning is told.
func (a *API) endOf(ctx context.Context, p preview.Preview) endBody {
	if now, err := a.Rows.Preview(ctx, p.ID); err == nil {
		p = now
	}
	body := endBody{Status: p.Status}
	if p.Reason != nil {
		body.Reason, body.Message, body.Hint, body.ExitCode = &p.Reason.Code, &p.Reason.Message, orNull(p.Reason.Hint), p.Reason.ExitCode
	}
	return body
}
