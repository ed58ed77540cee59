package storage

import (
	"database/sql"
	"time"

	"previewd/runtime/preview"
)

const eventColumns = `
	id, preview_id, generation_id, user_id, project_id, status, port, reason, occurred_at, delivery, attempts, due_at,
	attempted_at, settled_at, response_status, error`

type eventRow struct {
	ID             string       `db:"id"`
	PreviewID      string       `db:"preview_id"`
	GenerationID   string       `db:"generation_id"`
	UserID         string       `db:"user_id"`
	ProjectID      string       `db:"project_id"`
	Status         string       `db:"status"`
	Port           int          `db:"port"`
	Reason         []byte       `db:"reason"`
	OccurredAt     time.Time    `db:"occurred_at"`
	Delivery       string       `db:"delivery"`
	Attempts       int          `db:"attempts"`
	DueAt          time.Time    `db:"due_at"`
	AttemptedAt    sql.NullTime `db:"attempted_at"`
	SettledAt      sql.NullTime `db:"settled_at"`
	ResponseStatus int          `db:"response_status"`
	Error          string       `db:"error"`
}

func (r eventRow) event() (preview.Event, error) {
	e := preview.Event{
		ID: r.ID, OccurredAt: r.OccurredAt.UTC(),
		PreviewID: r.PreviewID, GenerationID: r.GenerationID, UserID: r.UserID, ProjectID: r.ProjectID,
		Status: preview.Status(r.Status), Port: r.Port,
		Delivery: preview.Delivery{
			State: preview.DeliveryState(r.Delivery), Attempts: r.Attempts, DueAt: r.DueAt.UTC(),
			AttemptedAt: optional(r.AttemptedAt), SettledAt: optional(r.SettledAt), ResponseStatus: r.ResponseStatus, Error: r.Error,
		},
	}
	if r.DueAt.Before(r.OccurredAt) { // it was never held back
		e.Delivery.DueAt = e.OccurredAt
	}
	if r.Reason != nil {
		return e, fromJSON(r.Reason, &e.Reason)
	}
	return e, nil
}

func eventsOf(rows []eventRow) ([]preview.Event, error) {
	list := make([]preview.Event, 0, len(rows))
	for _, row := range rows {
		e, err := row.event()
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}
