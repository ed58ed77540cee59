package storage

import (
	"context"
	"fmt"
	"time"
)

// trimBatch bounds how many lines one statement removes. Each is a transaction of its own, of a few milliseconds: it
// holds up nobody, and the work can end between any two.
const trimBatch = 5000

// TrimLogs removes the oldest lines of logs with more than most lines, which may belong to running previews, and
// returns the number of lines that went.
func (s *Store) TrimLogs(ctx context.Context, most int64) (int64, error) {
	logs, err := s.logRanges(ctx, `
		from   previews
		cross  join lateral (select log_day as day, log_id as log) as place`+logEndsJoined+`
		where  newest.seq - oldest.seq >= $1`, most)
	if err != nil {
		return 0, err
	}
	return s.removeEach(ctx, logs, func(r logRange) int64 { return r.Newest - most })
}

// PruneLogs removes the logs of previews that ended before the given time and returns the number of lines. Their
// rows stay.
func (s *Store) PruneLogs(ctx context.Context, before time.Time) (int64, error) {
	logs, err := s.logRanges(ctx, `
		from   previews
		cross  join lateral (select log_day as day, log_id as log) as place`+logEndsJoined+`
		where  ended_at < $1`, before)
	if err != nil {
		return 0, err
	}
	return s.removeEach(ctx, logs, logRange.all)
}

// RemoveDiscardedLogs removes the logs of deleted previews and returns the number of lines.
func (s *Store) RemoveDiscardedLogs(ctx context.Context) (int64, error) {
	logs, err := s.logRanges(ctx, `
		from   discarded_logs as place`+logEndsJoined)
	if err != nil {
		return 0, err
	}
	lines, err := s.removeEach(ctx, logs, logRange.all)
	if err != nil {
		return lines, err
	}
	// Nothing is appended to the log of a preview that is not there: what is empty stays so.
	_, err = s.db.ExecContext(ctx, `
		delete from discarded_logs
		where  not exists (
		       select from preview_logs
		       where  preview_logs.day = discarded_logs.day
		         and  preview_logs.log = discarded_logs.log)`)
	if err != nil {
		return lines, fmt.Errorf("forget discarded logs: %w", err)
	}
	return lines, nil
}

// logRange is what is stored of one log.
type logRange struct {
	Day    time.Time `db:"day"`
	Log    int       `db:"log"`
	Oldest int64     `db:"oldest"`
	Newest int64     `db:"newest"`
}

func (r logRange) all() int64 { return r.Newest }

// logEndsJoined looks up the ends of each place's log and passes over empty ones.
const logEndsJoined = `
		cross  join lateral (
		       select seq
		       from   preview_logs
		       where  preview_logs.day = place.day
		         and  preview_logs.log = place.log
		       order  by seq
		       limit  1) as oldest
		cross  join lateral (
		       select seq
		       from   preview_logs
		       where  preview_logs.day = place.day
		         and  preview_logs.log = place.log
		       order  by seq desc
		       limit  1) as newest`

func (s *Store) logRanges(ctx context.Context, from string, args ...any) ([]logRange, error) {
	var ranges []logRange
	err := s.db.SelectContext(ctx, &ranges, `
		select place.day, place.log, oldest.seq as oldest, newest.seq as newest`+from, args...)
	if err != nil {
		return nil, fmt.Errorf("stored logs: %w", err)
	}
	return ranges, nil
}

// removeEach removes the lines of each log up to a seq.
func (s *Store) removeEach(ctx context.Context, logs []logRange, through func(logRange) int64) (int64, error) {
	var total int64
	for _, r := range logs {
		for from, last := r.Oldest, through(r); from <= last; from += trimBatch {
			done, err := s.db.ExecContext(ctx, `
				delete from preview_logs
				where  day = $1
				  and  log = $2
				  and  seq between $3 and $4`, r.Day, r.Log, from, min(from+trimBatch-1, last))
			if err != nil {
				return total, fmt.Errorf("remove log lines: %w", err)
			}
			lines, err := done.RowsAffected()
			if err != nil {
				return total, fmt.Errorf("remove log lines: %w", err)
			}
			total += lines
		}
	}
	return total, nil
}
