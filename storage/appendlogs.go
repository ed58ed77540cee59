package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"previewd/runtime/preview"
)

// appendTries bounds how often an append that was overtaken is made again.
const appendTries = 3

// errOvertaken says that another process appended to the same log at the same moment.
var errOvertaken = errors.New("the log changed meanwhile")

// AppendLogs stores lines in one transaction. Of each preview, seq must rise from one line to the next and from
// one call to the next. Repeating a call whose outcome is unknown is safe: lines up to the last stored seq are
// skipped. So are lines of previews that were deleted meanwhile, or taken over by another process, which reads them anew.
func (s *Store) AppendLogs(ctx context.Context, lines []preview.LogLine) error {
	if len(lines) == 0 {
		return nil
	}
	for try := 1; ; try++ {
		err := s.appendLogs(ctx, lines)
		if err == nil {
			return nil
		}
		again, err := s.clearTheWay(ctx, err)
		if !again || try == appendTries {
			return fmt.Errorf("append %d log lines: %w", len(lines), err)
		}
	}
}

// clearTheWay says whether another try may succeed where an append failed. The next days' partitions are made ahead;
// should one not be there, it is made now.
func (s *Store) clearTheWay(ctx context.Context, err error) (again bool, _ error) {
	if missing, ok := errors.AsType[*missingPartitionError](err); ok {
		if err := s.addLogPartitions(ctx, missing.days...); err != nil {
			return false, err
		}
		return true, err
	}
	// Somebody stored the same lines, or the first of another instance, between our look and our copy.
	return isDuplicate(err) || errors.Is(err, errOvertaken), err
}

func (s *Store) appendLogs(ctx context.Context, lines []preview.LogLine) error {
	conn, err := s.db.Connx(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close() }()
	return inTx(ctx, conn, func(tx *sqlx.Tx) error {
		places, err := s.holdLogs(ctx, tx, lines)
		if err != nil {
			return err
		}
		if lines, err = withoutStored(ctx, tx, lines, places); err != nil || len(lines) == 0 {
			return err
		}
		if err := numberInstances(ctx, tx, lines, places); err != nil {
			return err
		}
		err = copyLogs(ctx, conn, lines, places)
		if isMissingPartition(err) {
			return &missingPartitionError{days: daysOf(places), cause: err}
		}
		return err
	})
}

// withoutStored leaves out what is stored already, and what belongs to no preview.
func withoutStored(ctx context.Context, tx *sqlx.Tx, lines []preview.LogLine, places map[string]*logPlace) ([]preview.LogLine, error) {
	stored := make(map[string]int64, len(places))
	for _, day := range daysOf(places) {
		if err := lastSeqs(ctx, tx, day, places, stored); err != nil {
			return nil, err
		}
	}
	fresh := make([]preview.LogLine, 0, len(lines))
	for _, line := range lines {
		if places[line.PreviewID] != nil && line.Seq > stored[line.PreviewID] {
			fresh = append(fresh, line)
		}
	}
	return fresh, nil
}

// lastSeqs notes the last stored seq of the logs in one day's partition.
func lastSeqs(ctx context.Context, tx *sqlx.Tx, day time.Time, places map[string]*logPlace, stored map[string]int64) error {
	var logs pq.Int64Array
	of := map[int]string{}
	for id, place := range places {
		if place.Day.Equal(day) {
			logs = append(logs, int64(place.Log))
			of[place.Log] = id
		}
	}
	var ends []struct {
		Log int   `db:"log"`
		Seq int64 `db:"seq"`
	}
	err := tx.SelectContext(ctx, &ends, `
		select log, seq
		from   unnest($2::integer[]) as wanted (log_id)
		cross  join lateral (
		       select log, seq
		       from   preview_logs
		       where  day = $1
		         and  log = log_id
		       order  by seq desc
		       limit  1) as last`, day, logs)
	if err != nil {
		return fmt.Errorf("last lines: %w", err)
	}
	for _, end := range ends {
		stored[of[end.Log]] = end.Seq
	}
	return nil
}

// numberInstances gives the instances that lines come from, and that have none yet, a number.
func numberInstances(ctx context.Context, tx *sqlx.Tx, lines []preview.LogLine, places map[string]*logPlace) error {
	known := map[*logPlace]int{}
	for _, line := range lines {
		place := places[line.PreviewID]
		if line.OriginInstance == "" || place.number(line.OriginInstance) > 0 {
			continue
		}
		if _, changed := known[place]; !changed {
			known[place] = len(place.Instances)
		}
		place.Instances = append(place.Instances, line.OriginInstance)
	}
	for place, before := range known {
		done, err := tx.ExecContext(ctx, `
			update previews
			set    log_instances = $2
			where  id = $1
			  and  cardinality(log_instances) = $3`, place.PreviewID, place.Instances, before)
		if err != nil {
			return fmt.Errorf("instances of preview %s: %w", place.PreviewID, err)
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(errOvertaken, err)
		}
	}
	return nil
}

func daysOf(places map[string]*logPlace) []time.Time {
	var days []time.Time
	for _, place := range places {
		if !slices.ContainsFunc(days, place.Day.Equal) {
			days = append(days, place.Day)
		}
	}
	return days
}
