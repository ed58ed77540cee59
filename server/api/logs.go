package api

import (
	"context"
	"net/http"
	"strconv"

	"previewd/runtime/preview"
)

// logList is one page of a log, oldest line first.
type logList struct {
	Logs       []logRow `json:"logs"`
	NextCursor *string  `json:"next_cursor"`
	FirstSeq   int64    `json:"first_seq"` // of all that is stored
	LastSeq    int64    `json:"last_seq"`
}

// logRow is a line and what of it was searched for.
type logRow struct {
	preview.LogLine
	Matches [][2]int `json:"matches,omitempty"`
}

// Logs handles GET /generations/{generation_id}/preview/logs: lines after a seq (0 is from the start), or the
// last ones before a seq, of those that are asked for.
func (a *API) Logs(w http.ResponseWriter, r *http.Request) error {
	p, err := a.loggedPreview(r)
	if err != nil {
		return err
	}
	q, err := logQueryOf(r)
	if err != nil {
		return err
	}
	page, err := a.search(r.Context(), p.ID, q)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, logList{
		Logs: rowsOf(page.Lines, q.Pattern), NextCursor: cursorAfter(page, q), FirstSeq: page.First, LastSeq: page.Last,
	})
}

// search bounds how many look for a pattern at once: they may take all of a processor.
func (a *API) search(ctx context.Context, previewID string, q preview.LogQuery) (preview.LogPage, error) {
	if q.Pattern != nil {
		select {
		case a.searches <- struct{}{}:
			defer func() { <-a.searches }()
		case <-ctx.Done():
			return preview.LogPage{}, ctx.Err()
		}
	}
	return a.Lines.SearchLogs(ctx, previewID, q)
}

func rowsOf(lines []preview.LogLine, pattern *preview.Pattern) []logRow {
	rows := make([]logRow, len(lines))
	for i, line := range lines {
		rows[i].LogLine = line
		if pattern != nil {
			rows[i].Matches = pattern.Ranges(preview.WithoutColours(line.Message))
		}
	}
	return rows
}

// Directions of a cursor, which is one of these letters and a seq.
const (
	forward  = "a"
	backward = "b"
)

func cursorAfter(page preview.LogPage, q preview.LogQuery) *string {
	switch {
	case page.Next == 0:
		return nil
	case q.Backward:
		return new(backward + strconv.FormatInt(page.Next, 10))
	}
	return new(forward + strconv.FormatInt(page.Next, 10))
}
