package sse

import (
	"fmt"
	"net/http"
	"strconv"
)

// maxIDDigits are those of the highest seq. Zeros before it are not worth a second spelling of every id.
const maxIDDigits = 19

// LastEventID returns where a client wants to go on: the header a browser sends when it reconnects or, for the first connection, the query
// parameter last_event_id. Without either it is 0, the start: an empty header is a client's whose last id is the empty string, as it is at first (HTML
// Living Standard, section 9.2.3), though a browser then leaves the header out. The error is the client's fault.
func LastEventID(r *http.Request) (int64, error) {
	id := r.Header.Get("Last-Event-ID")
	if id == "" {
		id = r.URL.Query().Get("last_event_id")
	}
	if id == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(id, 10, 63)
	if err != nil || len(id) > maxIDDigits {
		return 0, fmt.Errorf("Last-Event-ID %.40q is no number of a line", id)
	}
	return int64(n), nil
}
