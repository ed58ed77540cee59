package api

import (
	"net/http"
	"strconv"

	"previewd/server/problem"
)

const (
	defaultLimit = 50
	maxLimit     = 500
	maxCursor    = 1024 // bytes
)

// page is the part of a list that is asked for.
type page struct {
	cursor string
	limit  int
}

func pageOf(r *http.Request) (page, error) {
	limit, err := number(r, "limit", defaultLimit, 1, maxLimit)
	if err != nil {
		return page{}, err
	}
	cursor := r.URL.Query().Get("cursor")
	if len(cursor) > maxCursor {
		return page{}, problem.New(problem.InvalidCursor, "")
	}
	return page{cursor: cursor, limit: int(limit)}, nil
}

// number reads a whole number of the query; absent or empty is fallback.
func number(r *http.Request, name string, fallback, low, high int64) (int64, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < low || n > high {
		return 0, problem.Newf(problem.InvalidRequest, "%s: want a whole number from %d to %d", name, low, high)
	}
	return n, nil
}
