package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"previewd/runtime/preview"
)

// WebhookEvents lists one page of the events in a state of their delivery, newest first; "" lists all. Cursor, next
// and limit are as in Generations.
func (s *Store) WebhookEvents(ctx context.Context, state preview.DeliveryState, from string, limit int) (list []preview.Event, next string, err error) {
	after, err := parseCursor(from)
	if err != nil {
		return nil, "", err
	}
	page := pageSize(limit)
	var rows []eventRow
	err = s.db.SelectContext(ctx, &rows, `
		select `+eventColumns+`
		from   webhook_events
		where  ($1 = '' or delivery = $1)
		  and  (occurred_at, id) < ($2, $3)
		order  by occurred_at desc, id desc
		limit  $4`, string(state), after.At, after.ID, page+1)
	if err != nil {
		return nil, "", fmt.Errorf("webhook events: %w", err)
	}
	rows, next = cut(rows, page, func(r eventRow) cursor { return cursor{r.OccurredAt, r.ID} })
	list, err = eventsOf(rows)
	return list, next, err
}

// RetryEvent makes an event pending again, whatever its state, with all its attempts before it. A receiver that was
// gone counts as back. Errors: ErrEventNotFound.
func (s *Store) RetryEvent(ctx context.Context, id string) (preview.Event, error) {
	var row eventRow
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		err := tx.GetContext(ctx, &row, retried+`
			where  id = $1
			returning `+eventColumns, id)
		if err != nil {
			return notFound(err, preview.ErrEventNotFound, id)
		}
		return reopenEndpoints(ctx, tx)
	})
	if err != nil {
		return preview.Event{}, fmt.Errorf("retry webhook event: %w", err)
	}
	return row.event()
}

// RetryDeadEvents is RetryEvent for all that are dead and returns their number.
func (s *Store) RetryDeadEvents(ctx context.Context) (count int64, err error) {
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		done, err := tx.ExecContext(ctx, retried+`
			where  delivery = 'dead'`)
		if err != nil {
			return err
		}
		if count, err = done.RowsAffected(); err != nil {
			return err
		}
		return reopenEndpoints(ctx, tx)
	})
	if err != nil {
		return 0, fmt.Errorf("retry dead webhook events: %w", err)
	}
	return count, nil
}

const retried = `
			update webhook_events
			set    delivery   = 'pending',
			       attempts   = 0,
			       due_at     = 'epoch',
			       settled_at = null`

func reopenEndpoints(ctx context.Context, tx *sqlx.Tx) error {
	_, err := tx.ExecContext(ctx, `delete from webhook_endpoints_gone`)
	return err
}

// EndpointGone notes that a receiver, named by a digest of its URL, wants no more events.
func (s *Store) EndpointGone(ctx context.Context, digest string, at time.Time) error {
	_, err := s.db.ExecContext(ctx, `
		insert into webhook_endpoints_gone (digest, gone_at)
		values ($1, $2)
		on conflict do nothing`, digest, at)
	if err != nil {
		return fmt.Errorf("note that the webhook endpoint is gone: %w", err)
	}
	return nil
}

// EndpointGoneAt is when a receiver said that it is gone; nil while it is not.
func (s *Store) EndpointGoneAt(ctx context.Context, digest string) (*time.Time, error) {
	var at time.Time
	err := s.db.GetContext(ctx, &at, `
		select gone_at
		from   webhook_endpoints_gone
		where  digest = $1`, digest)
	if isNoRows(err) {
		return nil, nil //nolint:nilnil // nearly every receiver is there
	}
	if err != nil {
		return nil, fmt.Errorf("whether the webhook endpoint is gone: %w", err)
	}
	at = at.UTC()
	return &at, nil
}

// BuryEvents gives up all events that are pending and returns their number.
func (s *Store) BuryEvents(ctx context.Context, at time.Time, why string) (int64, error) {
	done, err := s.db.ExecContext(ctx, `
		update webhook_events
		set    delivery   = 'dead',
		       settled_at = $1,
		       error      = $2
		where  delivery = 'pending'`, at, why)
	if err != nil {
		return 0, fmt.Errorf("bury webhook events: %w", err)
	}
	return done.RowsAffected()
}

// PruneEvents removes the events that were delivered or given up before the given time and returns their number.
// Where webhooks are not configured it removes those that were pending from before, too: nobody will deliver them.
func (s *Store) PruneEvents(ctx context.Context, before time.Time) (total int64, err error) {
	const batch = 1000 // bounds one transaction
	for {
		done, err := s.db.ExecContext(ctx, `
			delete from webhook_events
			where  id in (
			       select id
			       from   webhook_events
			       where  settled_at < $1
			          or  $2 and delivery = 'pending' and occurred_at < $1
			       limit  $3)`, before, !s.webhooks, batch)
		if err != nil {
			return total, fmt.Errorf("prune webhook events: %w", err)
		}
		removed, err := done.RowsAffected()
		if total += removed; err != nil || removed < batch {
			return total, err
		}
	}
}
