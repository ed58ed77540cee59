package api

import (
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"previewd/runtime/preview"
	"previewd/server/problem"
)

const (
	defaultLogLimit = 500
	maxLogLimit     = 5000

	maxSeq = math.MaxInt64
)

// loggedPreview is the preview whose log is asked for: the latest one, or an earlier one of the same generation.
func (a *API) loggedPreview(r *http.Request) (preview.Preview, error) {
	latest, err := a.ownPreview(r)
	if err != nil {
		return latest, err
	}
	id, err := one(r, "preview_id")
	if err != nil || id == "" || id == latest.ID {
		return latest, err
	}
	if !preview.ValidID(id) {
		return preview.Preview{}, preview.ErrPreviewNotFound // no preview ever had such an id
	}
	p, err := a.Rows.Preview(r.Context(), id)
	if err == nil && (p.GenerationID != latest.GenerationID || p.UserID != latest.UserID) {
		return preview.Preview{}, preview.ErrPreviewNotFound // whoever's it is
	}
	return p, err
}

func logQueryOf(r *http.Request) (preview.LogQuery, error) {
	q, err := searchOf(r)
	if err != nil {
		return q, err
	}
	limit, err := number(r, "limit", defaultLogLimit, 1, maxLogLimit)
	if err != nil {
		return q, err
	}
	q.Limit = int(limit)
	q.From, q.Backward, err = startOf(r)
	return q, err
}

// startOf reads where the page begins: after, before, or the cursor of the page it follows.
func startOf(r *http.Request) (from int64, back bool, err error) {
	cursor, err := one(r, "cursor")
	if err != nil {
		return 0, false, err
	}
	if cursor != "" {
		return parseLogCursor(cursor)
	}
	after, err := number(r, "after", 0, 0, maxSeq)
	if err != nil {
		return 0, false, err
	}
	before, err := number(r, "before", 0, 1, maxSeq)
	if err != nil {
		return 0, false, err
	}
	if before > 0 && r.URL.Query().Get("after") != "" {
		return 0, false, invalid("before", "cannot be combined with after")
	}
	return max(after, before), before > 0, nil
}

func parseLogCursor(cursor string) (from int64, back bool, err error) {
	direction := cursor[:1]
	from, err = strconv.ParseInt(cursor[1:], 10, 64)
	if err != nil || from < 0 || (direction != forward && direction != backward) {
		return 0, false, problem.New(problem.InvalidCursor, "")
	}
	return from, direction == backward, nil
}

// searchOf reads every condition for lines.
func searchOf(r *http.Request) (preview.LogQuery, error) {
	q, err := lineFilterOf(r)
	if err != nil {
		return q, err
	}
	if q.Since, err = moment(r, "since"); err != nil {
		return q, err
	}
	if q.Until, err = moment(r, "until"); err != nil {
		return q, err
	}
	q.Pattern, err = patternOf(r)
	return q, err
}

// lineFilterOf reads the conditions that streams have, too.
func lineFilterOf(r *http.Request) (q preview.LogQuery, err error) {
	level, err := one(r, "level")
	if err != nil {
		return q, err
	}
	source, err := one(r, "source")
	q.Level, q.Source = preview.Level(level), preview.Source(source)
	switch {
	case err != nil:
		return q, err
	case q.Level != "" && !slices.Contains(preview.Levels(), q.Level):
		return q, invalid("level", "want DEBUG, INFO, WARNING or ERROR")
	case q.Source != "" && q.Source != preview.Subprocess && q.Source != preview.System:
		return q, invalid("source", "want subprocess or system")
	}
	return q, nil
}

// moment reads a time of the query; absent or empty is zero.
func moment(r *http.Request, name string) (time.Time, error) {
	text, err := one(r, name)
	if err != nil || text == "" {
		return time.Time{}, err
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || at.Year() < 1 {
		return time.Time{}, invalid(name, "want a time such as 2026-11-05T09:30:00Z")
	}
	return at.UTC(), nil
}

// patternOf reads what is searched for; nil is nothing.
func patternOf(r *http.Request) (*preview.Pattern, error) {
	text, err := one(r, "q")
	if err != nil {
		return nil, err
	}
	regex, err := one(r, "regex")
	if err != nil {
		return nil, err
	}
	isRegexp, err := strconv.ParseBool(regex)
	if err != nil && regex != "" {
		return nil, invalid("regex", "want true or false")
	}
	if text == "" {
		return nil, nil //nolint:nilnil // nothing is searched for
	}
	compile := preview.ContainingText
	if isRegexp {
		compile = preview.MatchingRegexp
	}
	pattern, err := compile(text)
	if errors.Is(err, preview.ErrInvalidPattern) {
		return nil, invalid("q", err.Error())
	}
	return pattern, err
}
