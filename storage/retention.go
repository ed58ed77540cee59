package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// pruneBatch bounds how many previews one transaction removes, so that none holds its locks for long.
const pruneBatch = 100

// PrunePreviews removes previews that ended before the given time, and returns their number. Their logs are discarded.
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

// deletePreviews removes previews. That waits for appends under way; later ones find no preview and add nothing. The
// lines are out of reach at once, but there may be millions: they go in the background.
func deletePreviews(ctx context.Context, tx *sqlx.Tx, condition string, args ...any) (int64, error) {
	done, err := tx.ExecContext(ctx, `
		with gone as (
			delete from previews
			where `+condition+`
			returning log_day, log_id
		)
		insert into discarded_logs (day, log)
		select log_day, log_id
		from   gone`, args...)
	if err != nil {
		return 0, fmt.Errorf("delete previews: %w", err)
	}
	return done.RowsAffected()
}
