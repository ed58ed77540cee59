package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// pruneBatch bounds how many previews one transaction removes, so that none runs into the statement timeout or
// holds its locks for long.
const pruneBatch = 100

// PruneLogs removes the logs of previews that ended before the given time and returns the number of lines. Their
// rows stay.
func (s *Store) PruneLogs(ctx context.Context, before time.Time) (int64, error) {
	var total int64
	for {
		var batch struct {
			Previews int   `db:"previews"`
			Lines    int64 `db:"lines"`
		}
		err := s.db.GetContext(ctx, &batch, `
			with old as (
				select id
				from   previews
				where  ended_at < $1
				  and  exists (select from preview_logs where preview_id = id)
				limit  $2
			), gone as (
				delete from preview_logs
				where  preview_id in (select id from old)
				returning 1
			)
			select (select count(*) from old)  as previews,
			       (select count(*) from gone) as lines`, before, pruneBatch)
		if err != nil {
			return total, fmt.Errorf("prune logs: %w", err)
		}
		total += batch.Lines
		if batch.Previews < pruneBatch {
			return total, nil
		}
	}
}

// PrunePreviews removes previews that ended before the given time, with their logs, and returns the number of
// previews.
func (s *Store) PrunePreviews(ctx context.Context, before time.Time) (int64, error) {
	var total int64
	for {
		var removed int64
		err := s.inTx(ctx, func(tx *sqlx.Tx) (err error) {
			removed, err = deletePreviews(ctx, tx, `id in (
				select id
				from   previews
				where  ended_at < $1
				limit  $2)`, before, pruneBatch)
			return err
		})
		if err != nil {
			return total, err
		}
		total += removed
		if removed < pruneBatch {
			return total, nil
		}
	}
}

// deletePreviews removes previews with their logs. The rows go first: that waits for appends under way, whose
// lines the second statement then sees.
func deletePreviews(ctx context.Context, tx *sqlx.Tx, condition string, args ...any) (int64, error) {
	var ids []string
	err := tx.SelectContext(ctx, &ids, `delete from previews where `+condition+` returning id`, args...)
	if err != nil {
		return 0, fmt.Errorf("delete previews: %w", err)
	}
	_, err = tx.ExecContext(ctx, `delete from preview_logs where preview_id = any ($1)`, pq.StringArray(ids))
	if err != nil {
		return 0, fmt.Errorf("delete logs of previews: %w", err)
	}
	return int64(len(ids)), nil
}
