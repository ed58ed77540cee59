package sse

import (
	"fmt"
	"net/http"
	"strconv"
)

// LastEventID returns where a client wants to go on: the header a browser sends when it reconnects or, for the first connection, the query
// parameter last_event_id. Without either it is 0, the start. The error is the client's fault.
func LastEventID(r *http.Request) (int64, error) {
	id := r.Header.Get("Last-Event-ID")
	if id == "" {
		id = r.URL.Query().Get("last_event_id")
	}
	if id == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("Last-Event-ID %.40q is no number of a line", id)
	}
	return n, nil
}
