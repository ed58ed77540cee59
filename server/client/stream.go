package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"previewd/runtime/preview"
)

// Stream calls each with every log line after seq (0 is from the start), in order and as it is written, until the
// server ends the stream (nil), ctx ends or the connection breaks. A caller goes on with the last seq it saw.
func (c *Client) Stream(ctx context.Context, generationID string, after int64, each func(preview.LogLine)) error {
	resp, err := c.send(ctx, call{
		method: http.MethodGet,
		path:   []string{"generations", generationID, "preview", "logs", "stream"},
		header: http.Header{
			"Accept":        {"text/event-stream"},
			"Last-Event-Id": {strconv.FormatInt(after, 10)},
		},
	})
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	err = readEvents(resp.Body, func(e event) {
		if line, ok := lineOf(e); ok {
			each(line)
		}
	})
	if err != nil {
		return fmt.Errorf("following the log: %w", unreachable(ctx, err))
	}
	return nil
}

// lineOf reads a log line from an event. Events of other types are for later versions of this client.
func lineOf(e event) (line preview.LogLine, ok bool) {
	if e.kind != "" && e.kind != "message" && e.kind != "log" {
		return line, false
	}
	if json.Unmarshal([]byte(e.data), &line) != nil {
		return line, false
	}
	if seq, err := strconv.ParseInt(e.id, 10, 64); err == nil {
		line.Seq = seq
	}
	return line, true
}
