package storage

import (
	"context"
	"fmt"
	"time"

	"previewd/runtime/preview"
)

// Preview returns one preview, or ErrPreviewNotFound.
func (s *Store) Preview(ctx context.Context, id string) (preview.Preview, error) {
	var row previewRow
	err := s.db.GetContext(ctx, &row, `
		select `+previewColumns+`
		from   previews
		where  id = $1`, id)
	if err != nil {
		return preview.Preview{}, fmt.Errorf("preview: %w", previewNotFound(err, id))
	}
	return row.preview()
}

// LatestPreview returns the preview of a generation that was started last, ended or not. ErrPreviewNotFound means
// that there never was one.
func (s *Store) LatestPreview(ctx context.Context, generationID string) (preview.Preview, error) {
	var row previewRow
	if err := s.latest.get(ctx, s.db, &row, generationID); err != nil {
		return preview.Preview{}, fmt.Errorf("preview of generation: %w", previewNotFound(err, generationID))
	}
	return row.preview()
}

// latestPreview is asked by every request that speaks of a preview. An active one comes first: clocks of two processes may
// differ, the index on active ones does not.
const latestPreview = `
		select ` + previewColumns + `
		from   previews
		where  generation_id = $1
		order  by status in ('starting', 'running') desc, created_at desc, id desc
		limit  1`

// PreviewByHost returns the latest preview whose host name begins with the label, ended or not, or ErrPreviewNotFound.
func (s *Store) PreviewByHost(ctx context.Context, label string) (preview.Preview, error) {
	var row previewRow
	if err := s.byHost.get(ctx, s.db, &row, label); err != nil {
		return preview.Preview{}, fmt.Errorf("preview by host: %w", previewNotFound(err, label))
	}
	return row.preview()
}

// previewByHost is asked by the gateway, once a second for each host that is in use.
const previewByHost = `
		select ` + previewColumns + `
		from   previews
		where  host = $1
		order  by status in ('starting', 'running') desc, created_at desc, id desc
		limit  1`

// StoppingPreviewsOf lists what a process is to end: those of its active previews that somebody set to stopping.
func (s *Store) StoppingPreviewsOf(ctx context.Context, launcher string) ([]preview.Preview, error) {
	var rows []previewRow
	err := s.db.SelectContext(ctx, &rows, `
		select `+previewColumns+`
		from   previews
		where  status = 'stopping'
		  and  coalesce(request ->> 'launcher', '') = $1
		order  by created_at, id`, launcher)
	if err != nil {
		return nil, fmt.Errorf("stopping previews: %w", err)
	}
	return previewsOf(rows)
}

// Previews lists one page of a user's previews, newest first; userID "" lists everybody's. Cursor, next and limit
// are as in Generations.
func (s *Store) Previews(ctx context.Context, userID, from string, limit int) (list []preview.Preview, next string, err error) {
	after, err := parseCursor(from)
	if err != nil {
		return nil, "", err
	}
	page := pageSize(limit)
	var rows []previewRow
	err = s.db.SelectContext(ctx, &rows, `
		select `+previewColumns+`
		from   previews
		where  ($1 = '' or user_id = $1)
		  and  (created_at, id) < ($2, $3)
		order  by created_at desc, id desc
		limit  $4`, userID, after.At, after.ID, page+1)
	if err != nil {
		return nil, "", fmt.Errorf("previews: %w", err)
	}
	rows, next = cut(rows, page, func(r previewRow) cursor { return cursor{r.CreatedAt, r.ID} })
	list, err = previewsOf(rows)
	return list, next, err
}

// DuePreviews lists the running previews that are past their maximum uptime or that nobody used for idle; idle 0
// is off.
func (s *Store) DuePreviews(ctx context.Context, now time.Time, idle time.Duration) ([]preview.Preview, error) {
	var rows []previewRow
	err := s.db.SelectContext(ctx, &rows, `
		select `+previewColumns+`
		from   previews
		where  status = 'running'
		  and  (expires_at <= $1 or ($2 and last_active_at <= $3))
		order  by expires_at, id`, now, idle > 0, now.Add(-idle))
	if err != nil {
		return nil, fmt.Errorf("due previews: %w", err)
	}
	return previewsOf(rows)
}
