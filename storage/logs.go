package storage

import (
	"context"
	"fmt"
	"math"
	"slices"

	"previewd/runtime/preview"
)

// LogLines returns at most limit lines after seq, oldest first; after 0 is from the start.
func (s *Store) LogLines(ctx context.Context, previewID string, after int64, limit int) ([]preview.LogLine, error) {
	return s.logPage(ctx, previewID, `
		select `+logColumns+`
		from   preview_logs
		where  day = $1
		  and  log = $2
		  and  seq > $3
		order  by seq
		limit  $4`, after, limit)
}

// LogLinesBefore returns the last lines before seq, at most limit, oldest first.
func (s *Store) LogLinesBefore(ctx context.Context, previewID string, before int64, limit int) ([]preview.LogLine, error) {
	lines, err := s.logPage(ctx, previewID, `
		select `+logColumns+`
		from   preview_logs
		where  day = $1
		  and  log = $2
		  and  seq < $3
		order  by seq desc
		limit  $4`, before, limit)
	slices.Reverse(lines)
	return lines, err
}

func (s *Store) logPage(ctx context.Context, previewID, query string, from int64, limit int) ([]preview.LogLine, error) {
	place, err := logPlaceOf(ctx, s.db, previewID)
	if err != nil || place.nowhere() {
		return []preview.LogLine{}, err
	}
	var rows []logRow
	if err := s.db.SelectContext(ctx, &rows, query, place.Day, place.Log, from, max(limit, 0)); err != nil {
		return nil, fmt.Errorf("log of preview %s: %w", previewID, err)
	}
	if newInstance(rows, place) { // it came after our look at the place
		if place, err = logPlaceOf(ctx, s.db, previewID); err != nil {
			return nil, err
		}
	}
	return linesOf(rows, place), nil
}

func newInstance(rows []logRow, known logPlace) bool {
	return slices.ContainsFunc(rows, func(r logRow) bool { return r.Instance > len(known.Instances) })
}

// LastLogLines returns the last n lines, oldest first.
func (s *Store) LastLogLines(ctx context.Context, previewID string, n int) ([]preview.LogLine, error) {
	return s.LogLinesBefore(ctx, previewID, math.MaxInt64, n)
}

// LogPosition tells where the stored log of a preview ends; all is zero when nothing is stored.
func (s *Store) LogPosition(ctx context.Context, previewID string) (preview.LogPosition, error) {
	place, err := logPlaceOf(ctx, s.db, previewID)
	if err != nil || place.nowhere() {
		return preview.LogPosition{}, err
	}
	var at struct {
		Seq        int64 `db:"seq"`
		Instance   int   `db:"instance"`
		Origin     int64 `db:"origin"`
		SameOrigin int   `db:"same_origin"`
	}
	// Lines of one engine timestamp stand together, with few of previewd's own between: ten thousand are plenty.
	err = s.db.GetContext(ctx, &at, `
		with last as (
			select seq
			from   preview_logs
			where  day = $1
			  and  log = $2
			order  by seq desc
			limit  1
		), engine as (
			select seq, origin, instance
			from   preview_logs
			where  day = $1
			  and  log = $2
			  and  origin > 0
			order  by seq desc
			limit  1
		)
		select coalesce((select seq      from last),   0) as seq,
		       coalesce((select instance from engine), 0) as instance,
		       coalesce((select origin   from engine), 0) as origin,
		       (select count(*)
		        from   preview_logs as line, engine
		        where  line.day = $1
		          and  line.log = $2
		          and  line.seq > engine.seq - 10000
		          and  line.origin = engine.origin
		          and  line.instance = engine.instance) as same_origin`, place.Day, place.Log)
	if err != nil {
		return preview.LogPosition{}, fmt.Errorf("log position of preview %s: %w", previewID, err)
	}
	return preview.LogPosition{
		Seq: at.Seq, Instance: place.instance(at.Instance), Origin: at.Origin, SameOrigin: at.SameOrigin,
	}, nil
}
