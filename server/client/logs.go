package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"previewd/runtime/preview"
)

// LogSearch says which stored lines are wanted. Its zero value wants all of the latest preview's.
type LogSearch struct {
	PreviewID string // of the same generation; "" is the latest
	After     int64  // a seq
	Level     preview.Level
	Source    preview.Source
	Since     time.Time
	Regexp    string // in RE2's syntax
}

func (s LogSearch) query() url.Values {
	query := url.Values{}
	for name, value := range map[string]string{
		"preview_id": s.PreviewID, "level": string(s.Level), "source": string(s.Source), "q": s.Regexp,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if s.Regexp != "" {
		query.Set("regex", "true")
	}
	if !s.Since.IsZero() {
		query.Set("since", s.Since.UTC().Format(time.RFC3339Nano))
	}
	return query
}

// Logs calls each with every stored line after seq (0 is from the start) of the generation's latest preview, in order.
func (c *Client) Logs(ctx context.Context, generationID string, after int64, each func(preview.LogLine)) error {
	_, err := c.SearchLogs(ctx, generationID, LogSearch{After: after}, each)
	return err
}

// SearchLogs calls each with every stored line that is wanted, in order. It returns the seq up to which it has looked.
func (c *Client) SearchLogs(ctx context.Context, generationID string, s LogSearch, each func(preview.LogLine)) (last int64, err error) {
	query, last := s.query(), s.After
	query.Set("after", strconv.FormatInt(s.After, 10))
	for {
		var page struct {
			Logs       []preview.LogLine `json:"logs"`
			NextCursor string            `json:"next_cursor"`
			LastSeq    int64             `json:"last_seq"`
		}
		err := c.do(ctx, call{
			method: http.MethodGet,
			path:   []string{"generations", generationID, "preview", "logs"},
			query:  query,
			out:    &page,
		})
		if err != nil {
			return last, err
		}
		for _, line := range page.Logs {
			last = max(last, line.Seq)
			each(line)
		}
		if page.NextCursor == "" {
			return max(last, page.LastSeq), nil
		}
		query = s.query()
		query.Set("cursor", page.NextCursor)
	}
}
