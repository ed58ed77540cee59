package client

import (
	"context"
	"net/http"
	"time"
)

// Extended is a preview that lives longer.
type Extended struct {
	Status
	TokenExpiry time.Time `json:"token_expiry"`
}

// Extend lets the generation's preview, and its session token, live for d from now; 0 leaves the choice to the server. Parts
// of a second count as a whole one.
func (c *Client) Extend(ctx context.Context, generationID string, d time.Duration) (Extended, error) {
	body, header, err := jsonBody(struct {
		Duration int64 `json:"duration,omitempty"`
	}{int64((d + time.Second - 1) / time.Second)})
	if err != nil {
		return Extended{}, err
	}
	var e Extended
	err = c.do(ctx, call{
		method: http.MethodPost,
		path:   []string{"generations", generationID, "preview", "extend"},
		header: header,
		body:   body,
		out:    &e,
	})
	return e, err
}
