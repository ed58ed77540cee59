package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"previewd/runtime/preview"
)

// WebhookEvent is an event of the outbox and how far its delivery is.
type WebhookEvent struct {
	ID             string                `json:"id"`
	Event          preview.EventName     `json:"event"`
	Timestamp      time.Time             `json:"timestamp"`
	PreviewID      string                `json:"preview_id"`
	GenerationID   string                `json:"generation_id"`
	UserID         string                `json:"user_id"`
	ProjectID      string                `json:"project_id"`
	Data           json.RawMessage       `json:"data"` // as the receiver gets it
	Status         preview.DeliveryState `json:"status"`
	Attempts       int                   `json:"attempts"`
	NextAttemptAt  *time.Time            `json:"next_attempt_at"`
	AttemptedAt    *time.Time            `json:"attempted_at"`
	SettledAt      *time.Time            `json:"settled_at"`
	ResponseStatus *int                  `json:"response_status"`
	Error          *string               `json:"error"`
}

// Receiver is where events are sent.
type Receiver struct {
	Origin string     `json:"origin"`
	GoneAt *time.Time `json:"gone_at"`
}

// WebhookEvents lists the newest events in a state of their delivery, or in any for "", at most limit. receiver is
// nil where the service has none.
func (c *Client) WebhookEvents(ctx context.Context, state string, limit int) (list []WebhookEvent, receiver *Receiver, err error) {
	const page = 500
	list, query := []WebhookEvent{}, url.Values{}
	if state != "" {
		query.Set("status", state)
	}
	for len(list) < limit {
		query.Set("limit", strconv.Itoa(min(page, limit-len(list))))
		var part struct {
			Events     []WebhookEvent `json:"events"`
			NextCursor string         `json:"next_cursor"`
			Receiver   *Receiver      `json:"receiver"`
		}
		err := c.do(ctx, call{method: http.MethodGet, path: []string{"webhooks", "events"}, query: query, out: &part})
		if err != nil {
			return nil, nil, err
		}
		list, receiver = append(list, part.Events...), part.Receiver
		if part.NextCursor == "" || len(part.Events) == 0 {
			break
		}
		query.Set("cursor", part.NextCursor)
	}
	return list, receiver, nil
}

// RetryWebhookEvent sends an event again, whatever became of it before.
func (c *Client) RetryWebhookEvent(ctx context.Context, id string) (WebhookEvent, error) {
	var e WebhookEvent
	err := c.do(ctx, call{method: http.MethodPost, path: []string{"webhooks", "events", id, "retry"}, out: &e})
	return e, err
}

// RetryDeadWebhookEvents sends every event again that was given up, and returns their number.
func (c *Client) RetryDeadWebhookEvents(ctx context.Context) (int64, error) {
	var body struct {
		Retried int64 `json:"retried"`
	}
	err := c.do(ctx, call{method: http.MethodPost, path: []string{"webhooks", "events", "retry"}, out: &body})
	return body.Retried, err
}
