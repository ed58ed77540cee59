package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"previewd/runtime/preview"
)

// announcement is the part of a statement that writes the webhook event of the preview which its CTE "changed" has
// brought into another state. The event is there if and only if the change is, and costs no round trip. Rows of one
// preview are numbered in the order of its changes, because each change waits for the one before it to be committed.
const announcement = `,
		announced as (
			insert into webhook_events (id, preview_id, generation_id, user_id, project_id, status, port, reason, occurred_at)
			select 'msg_' || replace(gen_random_uuid()::text, '-', ''),
			       id, generation_id, user_id, project_id, status, port, reason - 'evidence',
			       coalesce(ended_at, running_at, created_at)
			from   changed
		)`

// announced is the announcement where webhooks are configured. Without a receiver the outbox would only grow.
func (s *Store) announced() string {
	if !s.webhooks {
		return ""
	}
	return announcement
}

// DueEvents lists the events that may be delivered now, at most limit: of each preview the oldest that is pending,
// unless it is held back or the preview is among the busy ones. Those that were never tried come first.
func (s *Store) DueEvents(ctx context.Context, now time.Time, busy []string, limit int) ([]preview.Event, error) {
	var rows []eventRow
	err := s.db.SelectContext(ctx, &rows, `
		select `+eventColumns+`
		from   webhook_events e
		where  delivery = 'pending'
		  and  due_at <= $1
		  and  preview_id <> all ($2)
		  and  not exists (
		       select from webhook_events earlier
		       where  earlier.preview_id = e.preview_id
		         and  earlier.seq < e.seq
		         and  earlier.delivery = 'pending')
		order  by due_at, seq
		limit  $3`, now, append(pq.StringArray{}, busy...), limit)
	if err != nil {
		return nil, fmt.Errorf("due webhook events: %w", err)
	}
	return eventsOf(rows)
}

// NoteAttempt writes the outcome of an attempt down. An attempt that somebody else has overtaken changes nothing,
// but a success always counts. Later events of the preview wait as long as this one does, and are due at once when
// it is settled.
func (s *Store) NoteAttempt(ctx context.Context, e preview.Event, a preview.Attempt) error {
	settled, due := &a.At, time.Unix(0, 0)
	if a.State == preview.DeliveryPending {
		settled, due = nil, a.NextAt
	}
	_, err := s.db.ExecContext(ctx, `
		with tried as (
			update webhook_events
			set    attempts        = attempts + 1,
			       attempted_at    = $3,
			       settled_at      = $4,
			       due_at          = $5,
			       delivery        = $6,
			       response_status = $7,
			       error           = $8
			where  id = $1
			  and  (delivery = 'pending' and attempts = $2 or $6 = 'delivered' and delivery <> 'delivered')
			returning preview_id, seq
		)
		update webhook_events later
		set    due_at = $5
		from   tried
		where  later.preview_id = tried.preview_id
		  and  later.seq > tried.seq
		  and  later.delivery = 'pending'`,
		e.ID, e.Delivery.Attempts, a.At, settled, due, string(a.State), a.ResponseStatus, clean(a.Error))
	if err != nil {
		return fmt.Errorf("note attempt on webhook event %s: %w", e.ID, err)
	}
	return nil
}
