package storage

import (
	"context"
	"fmt"

	"github.com/lib/pq"

	"previewd/runtime/preview"
)

// TakeOver makes another previewd process responsible for active previews of one, and returns them as they are then, in no order.
// Those that a third process was faster with, or that ended, are not among them. It waits for lines that are being added to the previews' logs:
// holdLogs holds the rows against this lock, and against no other change, and in the same order.
func (s *Store) TakeOver(ctx context.Context, previewIDs []string, from, to string) ([]preview.Preview, error) {
	var rows []previewRow
	err := s.db.SelectContext(ctx, &rows, `
		with held as (
			select id as held_id
			from   previews
			where  id = any ($1)
			  and  coalesce(request ->> 'launcher', '') = $2
			  and  status in ('starting', 'running', 'stopping')
			order  by id
			for    update
		)
		update previews
		set    request = jsonb_set(request, '{launcher}', to_jsonb($3::text))
		from   held
		where  id = held_id
		returning `+previewColumns, pq.StringArray(previewIDs), from, to)
	if err != nil {
		return nil, fmt.Errorf("take over %d previews of process %q: %w", len(previewIDs), from, err)
	}
	return previewsOf(rows)
}
