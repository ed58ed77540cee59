package storage

import (
	"context"
	"fmt"

	"previewd/runtime/preview"
)

// TakeOver makes another previewd process responsible for an active preview. When a third one was faster, or the
// preview ended, it is a *preview.TransitionError.
func (s *Store) TakeOver(ctx context.Context, previewID, from, to string) error {
	done, err := s.db.ExecContext(ctx, `
		update previews
		set    request = jsonb_set(request, '{launcher}', to_jsonb($3::text))
		where  id = $1
		  and  coalesce(request ->> 'launcher', '') = $2
		  and  status in ('starting', 'running', 'stopping')`, previewID, from, to)
	if err != nil {
		return fmt.Errorf("take over preview %s: %w", previewID, err)
	}
	return applied(ctx, s.db, done, nil, previewID, preview.Starting)
}
