package api

import (
	"time"

	"previewd/runtime/preview"
	"previewd/server/webhook"
)

// eventBody is one event of the outbox and how far its delivery is.
type eventBody struct {
	ID           string                `json:"id"` // the header webhook-id
	Event        preview.EventName     `json:"event"`
	Timestamp    time.Time             `json:"timestamp"` // of the change
	PreviewID    string                `json:"preview_id"`
	GenerationID string                `json:"generation_id"`
	UserID       string                `json:"user_id"`
	ProjectID    string                `json:"project_id"`
	Data         webhook.Data          `json:"data"`
	Status       preview.DeliveryState `json:"status"` // of the delivery
	Attempts     int                   `json:"attempts"`

	NextAttemptAt  *time.Time `json:"next_attempt_at"` // null unless pending
	AttemptedAt    *time.Time `json:"attempted_at"`    // null before the first attempt
	SettledAt      *time.Time `json:"settled_at"`      // null while pending
	ResponseStatus *int       `json:"response_status"` // of the last attempt; null without an answer
	Error          *string    `json:"error"`           // of the last attempt; null after a success
}

func newEventBody(e preview.Event) eventBody {
	told, d := webhook.PayloadOf(e), e.Delivery
	b := eventBody{
		ID: e.ID, Event: told.Event, Timestamp: told.Timestamp, PreviewID: e.PreviewID, GenerationID: e.GenerationID,
		UserID: e.UserID, ProjectID: e.ProjectID, Data: told.Data, Status: d.State, Attempts: d.Attempts,
		AttemptedAt: utc(d.AttemptedAt), SettledAt: utc(d.SettledAt), ResponseStatus: orNull(d.ResponseStatus), Error: orNull(d.Error),
	}
	if d.State == preview.DeliveryPending {
		b.NextAttemptAt = utc(&d.DueAt)
	}
	return b
}

// receiverBody is where events are sent.
type receiverBody struct {
	Origin string     `json:"origin"`  // without path and query, which may hold secrets
	GoneAt *time.Time `json:"gone_at"` // when it answered 410 Gone; nothing is sent since
}
