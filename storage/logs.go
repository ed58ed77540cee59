package storage

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"previewd/runtime/preview"
)

const logColumns = `
	preview_id, seq, ts, level, message, source, stream, group_seq, origin, origin_instance`

type logRow struct {
	PreviewID      string    `db:"preview_id"`
	Seq            int64     `db:"seq"`
	Timestamp      time.Time `db:"ts"`
	Level          string    `db:"level"`
	Message        string    `db:"message"`
	Source         string    `db:"source"`
	Stream         string    `db:"stream"`
	GroupSeq       *int64    `db:"group_seq"` // null: the line stands alone
	Origin         int64     `db:"origin"`
	OriginInstance string    `db:"origin_instance"`
}

func (r logRow) line() preview.LogLine {
	line := preview.LogLine{
		PreviewID: r.PreviewID, Seq: r.Seq, Timestamp: r.Timestamp.UTC(),
		Level: preview.Level(r.Level), Message: r.Message,
		Source: preview.Source(r.Source), Stream: preview.Stream(r.Stream),
		Origin: r.Origin, OriginInstance: r.OriginInstance,
	}
	if r.GroupSeq != nil {
		line.Group = *r.GroupSeq
	}
	return line
}

// AppendLogs stores lines in one transaction. Of each preview, seq must rise from one line to the next and from
// one call to the next. Repeating a call whose outcome is unknown is safe: lines up to the last stored seq are
// skipped. So are lines of previews that were deleted meanwhile.
func (s *Store) AppendLogs(ctx context.Context, lines []preview.LogLine) error {
	if len(lines) == 0 {
		return nil
	}
	err := s.appendLogs(ctx, lines)
	if isDuplicate(err) { // somebody stored the same lines between our look and our copy
		err = s.appendLogs(ctx, lines)
	}
	if err != nil {
		return fmt.Errorf("append %d log lines: %w", len(lines), err)
	}
	return nil
}

func (s *Store) appendLogs(ctx context.Context, lines []preview.LogLine) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		stored, err := lockLogEnds(ctx, tx, lines)
		if err != nil {
			return err
		}
		fresh := make([]preview.LogLine, 0, len(lines))
		for _, line := range lines {
			if last, known := stored[line.PreviewID]; known && line.Seq > last {
				fresh = append(fresh, line)
			}
		}
		if len(fresh) == 0 {
			return nil
		}
		return copyLines(ctx, tx, fresh)
	})
}

// lockLogEnds returns the last stored seq by preview, and keeps these previews from being deleted until the
// transaction ends. A crash of the database server may take back the last moments of a log: the engine still has
// them, and the pump resumes after what is stored.
func lockLogEnds(ctx context.Context, tx *sqlx.Tx, lines []preview.LogLine) (map[string]int64, error) {
	ids := make([]string, 0, 1)
	for _, line := range lines {
		if !slices.Contains(ids, line.PreviewID) {
			ids = append(ids, line.PreviewID)
		}
	}
	var ends []struct {
		PreviewID string `db:"id"`
		Seq       int64  `db:"seq"`
	}
	err := tx.SelectContext(ctx, &ends, `
		select id,
		       coalesce((
		           select seq
		           from   preview_logs
		           where  preview_id = id
		           order  by seq desc
		           limit  1), 0) as seq
		from   previews
		where  id = any ($1)`+lazily+`
		order  by id
		for    key share`, pq.StringArray(ids))
	if err != nil {
		return nil, fmt.Errorf("last lines: %w", err)
	}
	last := make(map[string]int64, len(ends))
	for _, end := range ends {
		last[end.PreviewID] = end.Seq
	}
	return last, nil
}

func copyLines(ctx context.Context, tx *sqlx.Tx, lines []preview.LogLine) error {
	into, err := tx.PrepareContext(ctx, `copy preview_logs (`+logColumns+`) from stdin`)
	if err != nil {
		return fmt.Errorf("begin copy: %w", err)
	}
	defer func() { _ = into.Close() }() // the flush below reports what matters
	for _, l := range lines {
		var group any
		if l.Group > 0 {
			group = l.Group
		}
		_, err := into.ExecContext(ctx, l.PreviewID, l.Seq, l.Timestamp, string(l.Level), clean(l.Message),
			string(l.Source), string(l.Stream), group, l.Origin, l.OriginInstance)
		if err != nil {
			return fmt.Errorf("copy: %w", err)
		}
	}
	if _, err := into.ExecContext(ctx); err != nil {
		return fmt.Errorf("end copy: %w", err)
	}
	return nil
}

// LogLines returns at most limit lines after seq, oldest first; after 0 is from the start.
func (s *Store) LogLines(ctx context.Context, previewID string, after int64, limit int) ([]preview.LogLine, error) {
	var rows []logRow
	err := s.db.SelectContext(ctx, &rows, `
		select `+logColumns+`
		from   preview_logs
		where  preview_id = $1
		  and  seq > $2
		order  by seq
		limit  $3`, previewID, after, max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("log of preview %s: %w", previewID, err)
	}
	return linesOf(rows), nil
}

// LogLinesBefore returns the last lines before seq, at most limit, oldest first.
func (s *Store) LogLinesBefore(ctx context.Context, previewID string, before int64, limit int) ([]preview.LogLine, error) {
	var rows []logRow
	err := s.db.SelectContext(ctx, &rows, `
		select `+logColumns+`
		from   preview_logs
		where  preview_id = $1
		  and  seq < $2
		order  by seq desc
		limit  $3`, previewID, before, max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("log of preview %s: %w", previewID, err)
	}
	slices.Reverse(rows)
	return linesOf(rows), nil
}

// LastLogLines returns the last n lines, oldest first.
func (s *Store) LastLogLines(ctx context.Context, previewID string, n int) ([]preview.LogLine, error) {
	return s.LogLinesBefore(ctx, previewID, math.MaxInt64, n)
}

func linesOf(rows []logRow) []preview.LogLine {
	lines := make([]preview.LogLine, len(rows))
	for i, row := range rows {
		lines[i] = row.line()
	}
	return lines
}

// LogPosition tells where the stored log of a preview ends; all is zero when nothing is stored.
func (s *Store) LogPosition(ctx context.Context, previewID string) (preview.LogPosition, error) {
	var at struct {
		Seq        int64  `db:"seq"`
		Instance   string `db:"instance"`
		Origin     int64  `db:"origin"`
		SameOrigin int    `db:"same_origin"`
	}
	// Lines of one engine timestamp stand together, with few of previewd's own between: ten thousand are plenty.
	err := s.db.GetContext(ctx, &at, `
		with last as (
			select seq
			from   preview_logs
			where  preview_id = $1
			order  by seq desc
			limit  1
		), engine as (
			select seq, origin, origin_instance
			from   preview_logs
			where  preview_id = $1
			  and  origin > 0
			order  by seq desc
			limit  1
		)
		select coalesce((select seq             from last),   0)  as seq,
		       coalesce((select origin_instance from engine), '') as instance,
		       coalesce((select origin          from engine), 0)  as origin,
		       (select count(*)
		        from   preview_logs as line, engine
		        where  line.preview_id = $1
		          and  line.seq > engine.seq - 10000
		          and  line.origin = engine.origin
		          and  line.origin_instance = engine.origin_instance) as same_origin`, previewID)
	if err != nil {
		return preview.LogPosition{}, fmt.Errorf("log position of preview %s: %w", previewID, err)
	}
	return preview.LogPosition(at), nil
}
