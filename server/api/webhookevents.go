package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"previewd/runtime/preview"
	"previewd/server/problem"
)

// Webhooks keeps the events that the receiver is told of. An unknown one is preview.ErrEventNotFound.
type Webhooks interface {
	// WebhookEvents lists those in a state of their delivery, or all for "", newest first.
	WebhookEvents(ctx context.Context, state preview.DeliveryState, cursor string, limit int) (list []preview.Event, next string, err error)
	RetryEvent(ctx context.Context, id string) (preview.Event, error)
	RetryDeadEvents(ctx context.Context) (int64, error)
	EndpointGoneAt(ctx context.Context, digest string) (*time.Time, error)
}

// eventList is one page of events, newest first.
type eventList struct {
	Events     []eventBody   `json:"events"`
	NextCursor *string       `json:"next_cursor"`
	Receiver   *receiverBody `json:"receiver"` // null where none is configured
}

// ListWebhookEvents handles GET /webhooks/events, for admins.
func (a *API) ListWebhookEvents(w http.ResponseWriter, r *http.Request) error {
	if err := a.onlyAdmin(r); err != nil {
		return err
	}
	part, err := pageOf(r)
	if err != nil {
		return err
	}
	state, err := deliveryState(r)
	if err != nil {
		return err
	}
	list, next, err := a.Webhooks.WebhookEvents(r.Context(), state, part.cursor, part.limit)
	if err != nil {
		return err
	}
	body := eventList{Events: []eventBody{}, NextCursor: orNull(next)}
	for _, e := range list {
		body.Events = append(body.Events, newEventBody(e))
	}
	if body.Receiver, err = a.receiverBody(r.Context()); err != nil {
		return err
	}
	return answer(w, http.StatusOK, body)
}

func deliveryState(r *http.Request) (preview.DeliveryState, error) {
	state := preview.DeliveryState(r.URL.Query().Get("status"))
	known := []preview.DeliveryState{"", preview.DeliveryPending, preview.DeliveryDelivered, preview.DeliveryDead}
	if !slices.Contains(known, state) {
		return "", problem.New(problem.InvalidRequest, "status: want pending, delivered or dead")
	}
	return state, nil
}

func (a *API) receiverBody(ctx context.Context) (*receiverBody, error) {
	if a.Receiver == nil {
		return nil, nil //nolint:nilnil // null in the answer
	}
	gone, err := a.Webhooks.EndpointGoneAt(ctx, a.Receiver.Digest())
	return &receiverBody{Origin: a.Receiver.Origin(), GoneAt: gone}, err
}
