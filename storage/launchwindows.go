package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"previewd/runtime/preview"
)

// launchWindow is a row of launch_windows. Windows go by the database's clock, which all replicas share.
type launchWindow struct {
	BeganAt  time.Time `db:"began_at"`
	Launches int       `db:"launches"`
}

// LaunchBudget returns what the rate leaves to a user. It counts nothing: StartPreview does.
func (s *Store) LaunchBudget(ctx context.Context, user string, rate preview.Rate) (preview.Budget, error) {
	w, err := openWindow(ctx, s.db, user, rate)
	if err != nil {
		return preview.Budget{}, err
	}
	return preview.Budget{
		Limit: rate.Most, Remaining: max(0, rate.Most-w.Launches), Reset: w.BeganAt.Add(rate.Per).UTC(),
	}, nil
}

// openWindow is the user's window, or one that would begin now.
func openWindow(ctx context.Context, db sqlx.QueryerContext, user string, rate preview.Rate) (launchWindow, error) {
	var w launchWindow
	err := sqlx.GetContext(ctx, db, &w, `
		select    coalesce(w.began_at, statement_timestamp()) as began_at,
		          coalesce(w.launches, 0)                     as launches
		from      (select $1::text as user_id) as asked
		left join launch_windows as w
		  on      w.user_id = asked.user_id
		  and     w.began_at > statement_timestamp() - make_interval(secs => $2)`, user, rate.Per.Seconds())
	if err != nil {
		return w, fmt.Errorf("launches of user: %w", err)
	}
	return w, nil
}

// countLaunch counts one launch of the user, or refuses it with a *preview.RateError. The first launch after the end
// of a window opens the next.
func countLaunch(ctx context.Context, tx *sqlx.Tx, user string, rate preview.Rate) error {
	if !rate.On() {
		return nil
	}
	done, err := tx.ExecContext(ctx, `
		insert into launch_windows as w (user_id, began_at, launches)
		values ($1, statement_timestamp(), 1)
		on conflict (user_id) do update
		set    began_at = case when w.began_at > excluded.began_at - make_interval(secs => $2) then w.began_at     else excluded.began_at end,
		       launches = case when w.began_at > excluded.began_at - make_interval(secs => $2) then w.launches + 1 else 1                 end
		where  w.launches < $3
		   or  w.began_at <= excluded.began_at - make_interval(secs => $2)`, user, rate.Per.Seconds(), rate.Most)
	if err != nil {
		return fmt.Errorf("count launch of user: %w", err)
	}
	if counted, err := done.RowsAffected(); err != nil || counted > 0 {
		return err
	}
	w, err := openWindow(ctx, tx, user, rate)
	if err != nil {
		return err
	}
	return &preview.RateError{Of: preview.CountedLaunches, Rate: rate, Reset: w.BeganAt.Add(rate.Per).UTC()}
}

// PruneLaunchWindows forgets the windows that began before the given time and returns their number.
func (s *Store) PruneLaunchWindows(ctx context.Context, before time.Time) (int64, error) {
	done, err := s.db.ExecContext(ctx, `delete from launch_windows where began_at < $1`, before)
	if err != nil {
		return 0, fmt.Errorf("prune launch windows: %w", err)
	}
	return done.RowsAffected()
}
