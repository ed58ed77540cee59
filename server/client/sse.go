package client

import (
	"bufio"
	"io"
	"strings"
)

// maxEventLine bounds one line of an event stream, bytes. Log lines are cut far below it.
const maxEventLine = 4 << 20

// event is one server-sent event (WHATWG HTML, section 9.2).
type event struct {
	id, kind, data string
}

// readEvents calls each with every complete event until the stream ends. An event without data is none.
func readEvents(r io.Reader, each func(event)) error {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 0, 64<<10), maxEventLine)
	var e event
	var data []string
	for in.Scan() {
		line := in.Text()
		if line == "" {
			if len(data) > 0 {
				e.data = strings.Join(data, "\n")
				each(e)
			}
			e, data = event{id: e.id}, nil // the id holds on until the next one
			continue
		}
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "id":
			e.id = value
		case "event":
			e.kind = value
		case "data":
			data = append(data, value)
		}
	}
	return in.Err()
}
