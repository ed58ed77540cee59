package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"previewd/runtime/preview"
)

// CountActs adds to what all replicas have counted of a kind of acts, and returns the windows that they fell into. The first act after the
// end of a window opens the next. No key may be there twice.
func (s *Store) CountActs(ctx context.Context, kind string, per time.Duration, acts []preview.Acts) ([]preview.Window, error) {
	keys, ns := make(pq.StringArray, len(acts)), make(pq.Int64Array, len(acts))
	for i, a := range acts {
		keys[i], ns[i] = clean(a.Key), int64(a.N)
	}
	var rows []struct {
		Key  string
		Used int
		Age  float64
	}
	err := s.db.SelectContext(ctx, &rows, `
		insert into rate_windows as w (kind, key, began_at, used)
		select $1, key, statement_timestamp(), n
		from   unnest($2::text[], $3::integer[]) as acts (key, n)
		order  by key
		on conflict (kind, key) do update
		set    began_at = case when w.began_at > excluded.began_at - make_interval(secs => $4) then w.began_at             else excluded.began_at end,
		       used     = case when w.began_at > excluded.began_at - make_interval(secs => $4) then w.used + excluded.used else excluded.used     end
		returning key, used, extract(epoch from statement_timestamp() - began_at)::double precision as age`,
		kind, keys, ns, per.Seconds())
	if err != nil {
		return nil, fmt.Errorf("count %s: %w", kind, err)
	}
	windows := make([]preview.Window, len(rows))
	for i, r := range rows {
		windows[i] = preview.Window{Key: r.Key, Used: r.Used, Age: seconds(r.Age)}
	}
	return windows, nil
}

// longestWindow is that of the longest rate there is.
const longestWindow = time.Hour

// PruneRateWindows forgets the windows that are over, and returns their number.
func (s *Store) PruneRateWindows(ctx context.Context) (int64, error) {
	done, err := s.db.ExecContext(ctx, `delete from rate_windows where began_at < statement_timestamp() - make_interval(secs => $1)`,
		longestWindow.Seconds())
	if err != nil {
		return 0, fmt.Errorf("prune rate windows: %w", err)
	}
	return done.RowsAffected()
}
