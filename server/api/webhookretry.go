package api

import (
	"net/http"

	"previewd/runtime/preview"
	"previewd/server/problem"
)

// EventID is the name of the path value that holds a webhook event's id.
const EventID = "event_id"

// RetryWebhookEvent handles POST /webhooks/events/{event_id}/retry, for admins: the event is sent again, whatever
// became of it before.
func (a *API) RetryWebhookEvent(w http.ResponseWriter, r *http.Request) error {
	if err := a.onlyAdmin(r); err != nil {
		return err
	}
	id := r.PathValue(EventID)
	if !preview.ValidID(id) {
		return problem.New(problem.InvalidRequest, "event_id: want the id of an event, such as msg_0123456789abcdef0123456789abcdef")
	}
	e, err := a.Webhooks.RetryEvent(r.Context(), id)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, newEventBody(e))
}

// retriedBody says how many events are sent again.
type retriedBody struct {
	Retried int64 `json:"retried"`
}

// RetryDeadWebhookEvents handles POST /webhooks/events/retry, for admins: every event that was given up is sent again.
func (a *API) RetryDeadWebhookEvents(w http.ResponseWriter, r *http.Request) error {
	if err := a.onlyAdmin(r); err != nil {
		return err
	}
	n, err := a.Webhooks.RetryDeadEvents(r.Context())
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, retriedBody{Retried: n})
}
