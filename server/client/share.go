package client

import (
	"context"
	"net/http"
	"time"
)

// Shared is a link that opens a preview in a browser, whoever has it.
type Shared struct {
	URL       string    `json:"url"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Share makes a link to the generation's preview that lasts for d; 0 leaves the choice to the server. Parts of a second count as a
// whole one.
func (c *Client) Share(ctx context.Context, generationID string, d time.Duration) (Shared, error) {
	body, header, err := jsonBody(struct {
		TTL int64 `json:"ttl_seconds,omitempty"`
	}{int64((d + time.Second - 1) / time.Second)})
	if err != nil {
		return Shared{}, err
	}
	var s Shared
	err = c.do(ctx, call{
		method: http.MethodPost,
		path:   []string{"generations", generationID, "preview", "share"},
		header: header,
		body:   body,
		out:    &s,
	})
	return s, err
}

// RevokeShares ends all links to the generation's preview.
func (c *Client) RevokeShares(ctx context.Context, generationID string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: []string{"generations", generationID, "preview", "share"}})
}
