package client

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"previewd/runtime/preview"
)

// Summary is a preview as the list shows it.
type Summary struct {
	ID           string         `json:"id"`
	GenerationID string         `json:"generation_id"`
	UserID       string         `json:"user_id"`
	ProjectID    string         `json:"project_id"`
	Status       preview.Status `json:"status"`
	Phase        preview.Phase  `json:"phase,omitempty"`
	Reason       preview.Code   `json:"reason,omitempty"`
	Framework    string         `json:"framework"`
	Port         int            `json:"port"`
	BaseURL      string         `json:"base_url"`
	PreviewURL   string         `json:"preview_url"`
	CreatedAt    time.Time      `json:"created_at"`
}

// Previews lists the caller's previews, the newest first.
func (c *Client) Previews(ctx context.Context) ([]Summary, error) {
	all := []Summary{}
	query := url.Values{}
	for {
		var page struct {
			Previews   []Summary `json:"previews"`
			NextCursor string    `json:"next_cursor"`
		}
		err := c.do(ctx, call{method: http.MethodGet, path: []string{"previews"}, query: query, out: &page})
		if err != nil {
			return nil, err
		}
		all = append(all, page.Previews...)
		if page.NextCursor == "" || len(page.Previews) == 0 {
			return all, nil
		}
		query.Set("cursor", page.NextCursor)
	}
}
