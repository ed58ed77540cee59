package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"previewd/runtime/preview"
)

// BecomeRunning notes the first HTTP answer of a starting preview, which also counts as its last use, and as its start when no report
// of that has come yet. timings are added to the stored ones.
func (s *Store) BecomeRunning(ctx context.Context, id string, at time.Time, timings preview.Timings) error {
	took, err := timingsJSON(timings)
	if err != nil {
		return err
	}
	done, err := s.db.ExecContext(ctx, `
		with changed as (
			update previews
			set    status         = 'running',
			       health         = $4,
			       running_at     = $2,
			       started_at     = coalesce(started_at, $2),
			       last_active_at = greatest(last_active_at, $2),
			       timings        = timings || $3
			where  id = $1
			  and  status = any ($5)`+s.mine()+`
			returning *
		)`+s.announced()+`
		select id
		from   changed`,
		id, at, took, string(preview.HealthHealthy), texts(preview.Sources(preview.Running)))
	return s.applied(ctx, s.db, done, err, id, preview.Running)
}

// BeginMove has a running preview start again, on another machine. Its port stays leased; its event tells the reason, which the
// preview itself does not have: it has not ended.
func (s *Store) BeginMove(ctx context.Context, id string, why preview.Reason) error {
	reason, err := toJSON(why)
	if err != nil {
		return err
	}
	done, err := s.db.ExecContext(ctx, `
		with moved as (
			update previews
			set    status    = 'starting',
			       phase     = 'queued',
			       health    = $3,
			       node      = '',
			       node_host = ''
			where  id = $1
			  and  status = any ($5)`+s.mine()+`
			returning *
		), changed as (
			select id, generation_id, user_id, project_id, status, port, $2::jsonb as reason,
			       null::timestamptz as ended_at, $4::timestamptz as running_at, created_at
			from   moved
		)`+s.announced()+`
		select id
		from   changed`,
		id, reason, string(preview.HealthUnknown), s.now(), texts(preview.Sources(preview.Starting)))
	return s.applied(ctx, s.db, done, err, id, preview.Starting)
}

// BeginStopping notes why a preview is about to be stopped and returns it as it is then. Its port stays leased until
// Finish. Whoever asks for it, the process that is responsible for the preview ends it.
func (s *Store) BeginStopping(ctx context.Context, id string, reason preview.Reason) (preview.Preview, error) {
	return s.beginStopping(ctx, id, reason, "")
}

// BeginEnd is BeginStopping for the process that is responsible for the preview.
func (s *Store) BeginEnd(ctx context.Context, id string, reason preview.Reason) (preview.Preview, error) {
	return s.beginStopping(ctx, id, reason, s.mine())
}

func (s *Store) beginStopping(ctx context.Context, id string, reason preview.Reason, whose string) (preview.Preview, error) {
	why, err := toJSON(reason)
	if err != nil {
		return preview.Preview{}, err
	}
	var row previewRow
	err = s.db.GetContext(ctx, &row, `
		update previews
		set    status = 'stopping',
		       reason = $2
		where  id = $1
		  and  status = any ($3)`+whose+`
		returning `+previewColumns, id, why, texts(preview.Sources(preview.Stopping)))
	if isNoRows(err) {
		return preview.Preview{}, s.refused(ctx, s.db, id, preview.Stopping)
	}
	if err != nil {
		return preview.Preview{}, fmt.Errorf("begin stopping %s: %w", id, err)
	}
	return row.preview()
}

// Finish ends a preview and its lease and returns it as it ended: status is stopped (from stopping) or failed (from any active
// state). The first reason stays, one that BeginStopping noted, and decides the status: what exits by itself while it is being
// replaced has been stopped. timings are added to the stored ones. The port stays readable in the row.
func (s *Store) Finish(
	ctx context.Context, id string, status preview.Status, reason preview.Reason, timings preview.Timings,
) (preview.Preview, error) {
	why, err := toJSON(reason)
	if err != nil {
		return preview.Preview{}, err
	}
	took, err := timingsJSON(timings)
	if err != nil {
		return preview.Preview{}, err
	}
	var row previewRow
	err = s.db.GetContext(ctx, &row, `
		with changed as (
			update previews
			set    status     = case
			                    when reason is null then $2
			                    when reason ->> 'code' = any ($7) then 'stopped'
			                    else 'failed'
			                    end,
			       reason     = coalesce(reason, $3),
			       timings    = timings || $4,
			       ended_at   = $5,
			       secret_env = null
			where  id = $1
			  and  status = any ($6)`+s.mine()+`
			returning *
		)`+s.announced()+`, used as (
			insert into port_uses (port, used_at)
			select port, clock_timestamp()
			from   changed
			on conflict (port) do update
			set    used_at = excluded.used_at
		)
		select `+previewColumns+`
		from   changed`,
		id, string(status), why, took, s.now(), texts(preview.Sources(status)), texts(preview.WantedCodes()))
	if isNoRows(err) {
		return preview.Preview{}, s.refused(ctx, s.db, id, status)
	}
	if err != nil {
		return preview.Preview{}, fmt.Errorf("preview %s to %s: %w", id, status, err)
	}
	return row.preview()
}

func timingsJSON(t preview.Timings) (string, error) {
	if t == nil {
		t = preview.Timings{}
	}
	return toJSON(t)
}

// applied turns the outcome of a compare-and-set into an error: no row means that the preview was not in a state
// from which it can become next.
func (s *Store) applied(ctx context.Context, db sqlx.QueryerContext, done sql.Result, err error, id string, next preview.Status) error {
	if err != nil {
		return fmt.Errorf("preview %s to %s: %w", id, next, err)
	}
	if rows, err := done.RowsAffected(); err != nil {
		return fmt.Errorf("preview %s to %s: %w", id, next, err)
	} else if rows > 0 {
		return nil
	}
	return s.refused(ctx, db, id, next)
}

// refused says why a compare-and-set changed nothing. But for moves, states only go forward, so the one found now still
// explains it. A preview that another process took over is preview.ErrTakenOver beside it.
func (s *Store) refused(ctx context.Context, db sqlx.QueryerContext, id string, next preview.Status) error {
	var found struct{ Status, Launcher string }
	err := sqlx.GetContext(ctx, db, &found, `
		select status, coalesce(request ->> 'launcher', '') as launcher
		from   previews
		where  id = $1`, id)
	if err != nil {
		return fmt.Errorf("preview to %s: %w", next, previewNotFound(err, id))
	}
	lost := &preview.TransitionError{PreviewID: id, From: preview.Status(found.Status), To: next}
	if s.process != "" && found.Launcher != s.process && lost.From.Active() {
		return fmt.Errorf("%w: %w", preview.ErrTakenOver, lost)
	}
	return lost
}
