package api

import (
	"net/http"
	"net/url"
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
	cursor, err := one(r, "cursor")
	if err != nil {
		return page{}, err
	}
	if len(cursor) > maxCursor {
		return page{}, problem.New(problem.InvalidCursor, "")
	}
	return page{cursor: cursor, limit: int(limit)}, nil
}

// number reads a whole number of the query; absent or empty is fallback.
func number(r *http.Request, name string, fallback, low, high int64) (int64, error) {
	text, err := one(r, name)
	if err != nil || text == "" {
		return fallback, err
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || text[0] == '+' || n < low || n > high {
		return 0, problem.Newf(problem.InvalidRequest, "%s: want a whole number from %d to %d", name, low, high)
	}
	return n, nil
}

// one is a parameter of the query, "" when it is absent. Of two values nobody could say which was meant.
func one(r *http.Request, name string) (string, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return "", problem.New(problem.InvalidRequest, "the query is not well-formed").Because(err)
	}
	if len(query[name]) > 1 {
		return "", invalid(name, "is given twice")
	}
	return query.Get(name), nil
}
