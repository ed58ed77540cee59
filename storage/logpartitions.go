package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// daysAhead is for how many days after today partitions are made: more than a pause of the loop that makes them.
const daysAhead = 2

// missingPartitionError says that lines belong into partitions that may not all be there.
type missingPartitionError struct {
	days  []time.Time
	cause error
}

func (e *missingPartitionError) Error() string { return e.cause.Error() }
func (e *missingPartitionError) Unwrap() error { return e.cause }

// AddLogPartitions makes room for the logs of today and of the days ahead. What is there already stays.
func (s *Store) AddLogPartitions(ctx context.Context) error {
	var days []time.Time
	for i := range daysAhead + 1 {
		days = append(days, dayOf(s.now()).AddDate(0, 0, i))
	}
	return s.addLogPartitions(ctx, days...)
}

// dayOf is the UTC day of a moment, as it begins.
func dayOf(at time.Time) time.Time { return at.UTC().Truncate(24 * time.Hour) }

// addLogPartitions makes the partitions of days. Processes that do it at the same moment wait for each other.
func (s *Store) addLogPartitions(ctx context.Context, days ...time.Time) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := lockLogPartitions(ctx, tx); err != nil {
			return err
		}
		for _, day := range days {
			if err := addLogPartition(ctx, tx, day); err != nil {
				return fmt.Errorf("add log partition %s: %w", day.Format(time.DateOnly), err)
			}
		}
		return nil
	})
}

func lockLogPartitions(ctx context.Context, tx *sqlx.Tx) error {
	if _, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock($1)`, lockKey("log partitions")); err != nil {
		return fmt.Errorf("lock log partitions: %w", err)
	}
	return nil
}

// addLogPartition makes a table of its own first and attaches it then: neither keeps anybody from reading or writing.
func addLogPartition(ctx context.Context, tx *sqlx.Tx, day time.Time) error {
	name := logPartition(day)
	var there bool
	if err := tx.GetContext(ctx, &there, `select to_regclass($1) is not null`, name); err != nil || there {
		return err
	}
	_, err := tx.ExecContext(ctx, fmt.Sprintf(`create table %s (like preview_logs including constraints)`, name))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, fmt.Sprintf(`alter table preview_logs attach partition %s for values from ('%s') to ('%s')`,
		name, day.Format(time.DateOnly), day.AddDate(0, 0, 1).Format(time.DateOnly)))
	return err
}

func logPartition(day time.Time) string { return "preview_logs_" + day.Format("2006_01_02") }

// dropPatience is how long a partition waits to be dropped: everybody who wants to read or write a log waits behind it.
const dropPatience = 200 * time.Millisecond

// DropLogPartitions removes the logs of whole days at once: of days that are over, and whose previews all ended before
// the given time. It returns how many days went. A partition that is in use is left for the next time.
func (s *Store) DropLogPartitions(ctx context.Context, before time.Time) (int64, error) {
	// Clocks of two processes may differ, but not by a day.
	days, err := s.droppableDays(ctx, before, dayOf(s.now()).AddDate(0, 0, -1))
	if err != nil {
		return 0, err
	}
	var dropped int64
	for _, day := range days {
		switch err := s.dropLogPartition(ctx, day); {
		case err == nil:
			dropped++
		case !isLocked(err):
			return dropped, fmt.Errorf("drop log partition %s: %w", day.Format(time.DateOnly), err)
		}
	}
	return dropped, nil
}

func (s *Store) droppableDays(ctx context.Context, before, limit time.Time) ([]time.Time, error) {
	var days []time.Time
	err := s.db.SelectContext(ctx, &days, `
		select   day
		from     pg_inherits
		join     pg_class on pg_class.oid = inhrelid
		cross    join lateral to_date(right(relname, 10), 'YYYY_MM_DD') as day
		where    inhparent = 'preview_logs'::regclass
		  and    day < $2
		  and    not exists (
		         select from previews
		         where  log_day = day
		           and  (ended_at is null or ended_at >= $1))
		order by day`, before, limit)
	if err != nil {
		return nil, fmt.Errorf("old log partitions: %w", err)
	}
	return days, nil
}

func (s *Store) dropLogPartition(ctx context.Context, day time.Time) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := lockLogPartitions(ctx, tx); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `select set_config('lock_timeout', $1, true)`, fmt.Sprint(dropPatience.Milliseconds()))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `drop table if exists `+pq.QuoteIdentifier(logPartition(day)))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `delete from discarded_logs where day = $1`, day)
		return err
	})
}
