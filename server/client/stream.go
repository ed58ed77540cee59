package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"previewd/runtime/preview"
	"previewd/server/sse"
)

// Stream calls each with every log line of a preview after seq (0 is from the start), in order and as it is written, until the
// server ends the stream (nil), ctx ends or the connection breaks. A caller goes on with the last seq it saw. Without a preview's
// id it is the generation's latest.
func (c *Client) Stream(ctx context.Context, generationID, previewID string, after int64, each func(preview.LogLine)) error {
	query := url.Values{}
	if previewID != "" {
		query.Set("preview_id", previewID)
	}
	resp, err := c.send(ctx, call{
		method: http.MethodGet,
		path:   []string{"generations", generationID, "preview", "logs", "stream"},
		query:  query,
		header: http.Header{
			"Accept":        {"text/event-stream"},
			"Last-Event-Id": {strconv.FormatInt(after, 10)},
		},
	})
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := eachLine(sse.NewReader(resp.Body), each); err != nil {
		return fmt.Errorf("following the log: %w", unreachable(ctx, err))
	}
	return nil
}

// eachLine reads the log lines of a stream until its end. Events with a name say other things.
func eachLine(events *sse.Reader, each func(preview.LogLine)) error {
	for {
		e, err := events.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var line preview.LogLine
		if e.Name != "" || json.Unmarshal([]byte(e.Data), &line) != nil {
			continue
		}
		each(line)
	}
}
