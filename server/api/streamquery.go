package api

import (
	"context"
	"net/http"

	"previewd/runtime/preview"
	"previewd/server/problem"
	"previewd/server/sse"
)

// maxTail is the most lines from before that a stream begins with, when they are counted from the end.
const maxTail = 100_000

// streamQuery is what of a log is to be streamed.
type streamQuery struct {
	after  int64
	tail   int64            // lines from the end, instead of after; -1 is none
	filter preview.LogQuery // its conditions
}

// streamQueryOf reads where the stream begins. A browser that reconnects sends the last id it saw, which is newer than
// what its URL says.
func streamQueryOf(r *http.Request) (q streamQuery, err error) {
	if q.filter, err = lineFilterOf(r); err != nil {
		return q, err
	}
	given := r.URL.Query()
	if q.tail, err = number(r, "tail", -1, 0, maxTail); err != nil {
		return q, err
	}
	if _, err = number(r, "last_event_id", 0, 0, maxSeq); err != nil { // also where it does not count
		return q, err
	}
	if q.after, err = number(r, "after", 0, 0, maxSeq); err != nil {
		return q, err
	}
	if r.Header.Get("Last-Event-ID") == "" && given.Has("after") {
		if q.tail >= 0 {
			return q, invalid("tail", "cannot be combined with after")
		}
		return q, nil
	}
	if q.after, err = sse.LastEventID(r); err != nil {
		return q, problem.New(problem.InvalidRequest, "Last-Event-ID: want the id of an event of this stream").Because(err)
	}
	if r.Header.Get("Last-Event-ID") != "" || given.Get("last_event_id") != "" {
		q.tail = -1
	}
	return q, nil
}

// streamStart is the seq after which the stream begins.
func (a *API) streamStart(ctx context.Context, previewID string, q streamQuery) (int64, error) {
	if q.tail < 0 {
		return q.after, nil
	}
	end, err := a.Follower.End(ctx, previewID)
	return max(end-q.tail, 0), err
}
