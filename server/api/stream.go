package api

import (
	"net/http"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
	"previewd/server/auth"
	"previewd/server/problem"
	"previewd/server/sse"
)

// StreamLogs handles GET /generations/{generation_id}/preview/logs/stream: the log of the latest preview as
// server-sent events, from the start or after the line the client names. It ends with the preview or the service.
func (a *API) StreamLogs(w http.ResponseWriter, r *http.Request) error {
	p, err := a.streamedPreview(r)
	if err != nil {
		return err
	}
	after, err := streamStart(r)
	if err != nil {
		return err
	}
	lines := a.follow(p.ID, after)
	defer lines.close()
	if err := sse.ServeLogs(w, r, lines, a.Done); err != nil {
		// The answer has begun, so the caller can be told nothing but that it ends.
		a.log(r.Context()).WithFields(logrus.Fields{"preview_id": p.ID, "err": err}).Error("log stream broke")
	}
	return nil
}

// streamedPreview is the latest preview, for its owner or for the bearer of its session token.
func (a *API) streamedPreview(r *http.Request) (preview.Preview, error) {
	if _, verified := auth.From(r.Context()); verified {
		return a.ownPreview(r)
	}
	return a.openedPreview(r, auth.SessionToken(r))
}

// streamStart is the seq after which the stream begins. A browser that reconnects sends the last id it saw, which
// is newer than what its URL says.
func streamStart(r *http.Request) (int64, error) {
	if r.Header.Get("Last-Event-ID") == "" && r.URL.Query().Has("after") {
		return number(r, "after", 0, 0, maxSeq)
	}
	after, err := sse.LastEventID(r)
	if err != nil {
		return 0, problem.New(problem.InvalidRequest, "Last-Event-ID: want the id of an event of this stream").Because(err)
	}
	return after, nil
}
