package api

import (
	"context"
	"net/http"
	"slices"

	"previewd/runtime/preview"
	"previewd/server/problem"
	"previewd/server/sse"
)

// maxTail is the most lines from before that a stream begins with, when they are counted from the end.
const maxTail = 100_000

// streamQuery is what of a log is to be streamed.
type streamQuery struct {
	after  int64
	tail   int64 // lines from the end, instead of after; -1 is none
	filter lineFilter
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
	if r.Header.Get("Last-Event-ID") == "" && given.Has("after") {
		if q.tail >= 0 {
			return q, invalid("tail", "cannot be combined with after")
		}
		q.after, err = number(r, "after", 0, 0, maxSeq)
		return q, err
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

// lineFilter chooses lines of a log.
type lineFilter struct {
	level  preview.Level // the least severe, "" is all
	source preview.Source
}

// levels from the least to the most severe.
var levels = []preview.Level{preview.Debug, preview.Info, preview.Warning, preview.Error}

var sources = []preview.Source{preview.Subprocess, preview.System}

func lineFilterOf(r *http.Request) (lineFilter, error) {
	level, err := one(r, "level")
	if err != nil {
		return lineFilter{}, err
	}
	source, err := one(r, "source")
	f := lineFilter{level: preview.Level(level), source: preview.Source(source)}
	switch {
	case err != nil:
		return f, err
	case f.level != "" && !slices.Contains(levels, f.level):
		return f, invalid("level", "want DEBUG, INFO, WARNING or ERROR")
	case f.source != "" && !slices.Contains(sources, f.source):
		return f, invalid("source", "want subprocess or system")
	}
	return f, nil
}

func (f lineFilter) matches(line preview.LogLine) bool {
	if f.source != "" && line.Source != f.source {
		return false
	}
	return f.level == "" || slices.Index(levels, line.Level) >= slices.Index(levels, f.level)
}
