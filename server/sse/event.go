package sse

import (
	"errors"
	"strings"
)

// Event is one event of a stream. An empty Name is "message" to browsers; an empty ID leaves the reader's last one as it is.
type Event struct {
	ID   string
	Name string
	Data string
}

var errField = errors.New("sse: id and name of an event may hold no line break and no NUL")

// lineBreaks are the three that the standard knows.
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func (e Event) appendTo(b []byte) ([]byte, error) {
	if strings.ContainsAny(e.ID+e.Name, "\r\n\x00") {
		return b, errField
	}
	if e.Name != "" {
		b = append(append(append(b, "event: "...), e.Name...), '\n')
	}
	if e.ID != "" {
		b = append(append(append(b, "id: "...), e.ID...), '\n')
	}
	for line := range strings.SplitSeq(lineBreaks.Replace(e.Data), "\n") {
		b = append(append(append(b, "data: "...), line...), '\n')
	}
	return append(b, '\n'), nil
}
