package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"previewd/runtime/preview"
)

// Logs calls each with every stored line after seq (0 is from the start) of the generation's latest preview, in order.
func (c *Client) Logs(ctx context.Context, generationID string, after int64, each func(preview.LogLine)) error {
	query := url.Values{"after": {strconv.FormatInt(after, 10)}}
	for {
		var page struct {
			Logs       []preview.LogLine `json:"logs"`
			NextCursor string            `json:"next_cursor"`
		}
		err := c.do(ctx, call{
			method: http.MethodGet,
			path:   []string{"generations", generationID, "preview", "logs"},
			query:  query,
			out:    &page,
		})
		if err != nil {
			return err
		}
		for _, line := range page.Logs {
			each(line)
		}
		if page.NextCursor == "" || len(page.Logs) == 0 {
			return nil
		}
		query = url.Values{"cursor": {page.NextCursor}}
	}
}
