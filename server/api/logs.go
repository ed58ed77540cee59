package api

import (
	"math"
	"net/http"
	"slices"
	"strconv"

	"previewd/runtime/preview"
	"previewd/server/problem"
)

const (
	defaultLogLimit = 500
	maxLogLimit     = 5000

	// scanned bounds the lines one request looks at for those it filters by; next_cursor leads on from there.
	scanned = 20_000

	maxSeq = math.MaxInt64
)

// logList is one page of a log, oldest line first.
type logList struct {
	Logs       []preview.LogLine `json:"logs"`
	NextCursor *string           `json:"next_cursor"`
}

// Logs handles GET /generations/{generation_id}/preview/logs: lines after a seq (0 is from the start), or the
// last ones before a seq.
func (a *API) Logs(w http.ResponseWriter, r *http.Request) error {
	p, err := a.ownPreview(r)
	if err != nil {
		return err
	}
	q, err := logQueryOf(r)
	if err != nil {
		return err
	}
	lines, next, err := a.collect(r, p.ID, q)
	if err != nil {
		return err
	}
	if q.backward {
		slices.Reverse(lines)
	}
	for i := range lines {
		lines[i].Timestamp = lines[i].Timestamp.UTC()
	}
	return answer(w, http.StatusOK, logList{Logs: lines, NextCursor: next})
}

// collect reads in the query's direction until the page is full, the log ends or enough was looked at. The lines
// are in that direction.
func (a *API) collect(r *http.Request, previewID string, q logQuery) ([]preview.LogLine, *string, error) {
	page, at := []preview.LogLine{}, q.from
	for looked := 0; looked < scanned; {
		lines, err := a.read(r, previewID, at, q)
		if err != nil {
			return nil, nil, err
		}
		for _, line := range lines {
			at = line.Seq
			if q.matches(line) {
				page = append(page, line)
			}
			if len(page) == q.limit {
				return page, q.cursorAt(at), nil
			}
		}
		if looked += len(lines); len(lines) < q.limit {
			return page, nil, nil
		}
	}
	return page, q.cursorAt(at), nil
}

func (a *API) read(r *http.Request, previewID string, at int64, q logQuery) ([]preview.LogLine, error) {
	if !q.backward {
		return a.Lines.LogLines(r.Context(), previewID, at, q.limit)
	}
	lines, err := a.Lines.LogLinesBefore(r.Context(), previewID, at, q.limit)
	slices.Reverse(lines)
	return lines, err
}

// logQuery is what of a log is asked for.
type logQuery struct {
	from     int64
	backward bool
	limit    int
	lineFilter
}

func logQueryOf(r *http.Request) (logQuery, error) {
	filter, err := lineFilterOf(r)
	q := logQuery{lineFilter: filter}
	if err != nil {
		return q, err
	}
	limit, err := number(r, "limit", defaultLogLimit, 1, maxLogLimit)
	if err != nil {
		return q, err
	}
	q.limit = int(limit)
	return q, q.start(r)
}

// start reads where the page begins: after, before, or the cursor of the page it follows.
func (q *logQuery) start(r *http.Request) error {
	cursor, err := one(r, "cursor")
	if err != nil {
		return err
	}
	if cursor != "" {
		return q.resume(cursor)
	}
	after, err := number(r, "after", 0, 0, maxSeq)
	if err != nil {
		return err
	}
	before, err := number(r, "before", 0, 1, maxSeq)
	if err != nil {
		return err
	}
	if before > 0 && r.URL.Query().Get("after") != "" {
		return invalid("before", "cannot be combined with after")
	}
	q.from, q.backward = max(after, before), before > 0
	return nil
}

// Directions of a cursor, which is one of these letters and a seq.
const (
	forward  = "a"
	backward = "b"
)

func (q *logQuery) cursorAt(seq int64) *string {
	direction := forward
	if q.backward {
		direction = backward
	}
	return new(direction + strconv.FormatInt(seq, 10))
}

func (q *logQuery) resume(cursor string) error {
	seq, err := strconv.ParseInt(cursor[1:], 10, 64)
	if err != nil || seq < 0 || (cursor[:1] != forward && cursor[:1] != backward) {
		return problem.New(problem.InvalidCursor, "")
	}
	q.from, q.backward = seq, cursor[:1] == backward
	return nil
}
