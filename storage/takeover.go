package storage

import (
	"context"
	"fmt"

	"previewd/runtime/preview"
)

// TakeOver makes another previewd process responsible for an active preview. When a third one was faster, or the
// preview ended, it is a *preview.TransitionError. It waits for lines that are being added to the preview's log: holdLogs holds the
// row against this lock, and against no other change.
func (s *Store) TakeOver(ctx context.Context, previewID, from, to string) error {
	done, err := s.db.ExecContext(ctx, `
		with held as (
			select id
			from   previews
			where  id = $1
			  and  coalesce(request ->> 'launcher', '') = $2
			  and  status in ('starting', 'running', 'stopping')
			for    update
		)
		update previews
		set    request = jsonb_set(request, '{launcher}', to_jsonb($3::text))
		from   held
		where  previews.id = held.id`, previewID, from, to)
	if err != nil {
		return fmt.Errorf("take over preview %s: %w", previewID, err)
	}
	return s.applied(ctx, s.db, done, nil, previewID, preview.Starting)
}
