package webhook

import (
	"encoding/json"
	"fmt"
	"time"

	"previewd/runtime/preview"
)

// Payload is the body of a webhook. Event to user_id, and data's status, port and error, are a published contract.
type Payload struct {
	Event        preview.EventName `json:"event"`
	Type         preview.EventName `json:"type"`      // the same, as Standard Webhooks calls it
	Timestamp    time.Time         `json:"timestamp"` // of the change, not of the attempt
	PreviewID    string            `json:"preview_id"`
	GenerationID string            `json:"generation_id"`
	UserID       string            `json:"user_id"`
	ProjectID    string            `json:"project_id"`
	Data         Data              `json:"data"`
}

// Data is what the event is about.
type Data struct {
	Status   preview.Status `json:"status"`
	Port     int            `json:"port"`   // also that of a preview that has ended
	Error    *string        `json:"error"`  // why it failed; null otherwise
	Reason   *preview.Code  `json:"reason"` // with the next three: null until the preview ends
	Message  *string        `json:"message"`
	Hint     *string        `json:"hint"`
	ExitCode *int           `json:"exit_code"`
}

// PayloadOf is what the receiver is told of an event. It is the same in every attempt.
func PayloadOf(e preview.Event) Payload {
	p := Payload{
		Event: e.Name(), Type: e.Name(), Timestamp: e.OccurredAt.UTC(),
		PreviewID: e.PreviewID, GenerationID: e.GenerationID, UserID: e.UserID, ProjectID: e.ProjectID,
		Data: Data{Status: e.Status, Port: e.Port},
	}
	if r := e.Reason; r != nil {
		p.Data.Reason, p.Data.Message, p.Data.ExitCode = &r.Code, &r.Message, r.ExitCode
		if r.Hint != "" {
			p.Data.Hint = &r.Hint
		}
		if e.Status == preview.Failed {
			p.Data.Error = &r.Message
		}
	}
	return p
}

func bodyOf(e preview.Event) ([]byte, error) {
	body, err := json.Marshal(PayloadOf(e))
	if err != nil {
		return nil, fmt.Errorf("encode webhook event %s: %w", e.ID, err)
	}
	return body, nil
}
