package storage

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lib/pq"

	"previewd/runtime/preview"
)

// Bounds of one search. What is left is for the next one.
const (
	searchWindow = 50_000                 // lines one statement looks at
	searchRows   = 500                    // lines one statement returns
	searchBytes  = 4 << 20                // of a page's messages, about
	searchTime   = 400 * time.Millisecond // until what was found is returned
)

// SearchLogs returns one page of a preview's log. An unknown preview's log is empty.
//
// The database chooses by level, source, time and the pattern's literals; what is left is matched here, for no regular
// expression of a user's may run in the database, where some take forever.
func (s *Store) SearchLogs(ctx context.Context, previewID string, q preview.LogQuery) (preview.LogPage, error) {
	page := preview.LogPage{Lines: []preview.LogLine{}}
	place, err := logPlaceOf(ctx, s.db, previewID)
	if err != nil || place.nowhere() || q.Limit <= 0 {
		return page, err
	}
	if page.First, page.Last, err = s.logEnds(ctx, place); err != nil {
		return page, err
	}
	search := logSearch{store: s, place: place, query: q, page: page, until: s.now().Add(searchTime)}
	if err := search.run(ctx); err != nil {
		return page, fmt.Errorf("search log of preview %s: %w", previewID, err)
	}
	return search.page, nil
}

// logEnds are the seqs of the oldest and the newest line, 0 when there are none.
func (s *Store) logEnds(ctx context.Context, place logPlace) (oldest, newest int64, err error) {
	err = s.db.QueryRowxContext(ctx, `
		select coalesce((select seq from preview_logs where day = $1 and log = $2 order by seq      limit 1), 0),
		       coalesce((select seq from preview_logs where day = $1 and log = $2 order by seq desc limit 1), 0)`,
		place.Day, place.Log).Scan(&oldest, &newest)
	if err != nil {
		return 0, 0, fmt.Errorf("ends of the log of preview %s: %w", place.PreviewID, err)
	}
	return oldest, newest, nil
}

// logSearch is a search under way.
type logSearch struct {
	store *Store
	place logPlace
	query preview.LogQuery
	page  preview.LogPage
	at    int64 // the last seq looked at
	bytes int
	until time.Time
}

func (l *logSearch) run(ctx context.Context) error {
	l.at = max(l.query.From, l.page.First-1)
	if l.query.Backward {
		l.at = min(l.query.From, l.page.Last+1)
	}
	for !l.atEnd() {
		if err := l.window(ctx); err != nil {
			return err
		}
		if l.done() { // not before: each search gets ahead
			break
		}
	}
	if !l.atEnd() {
		l.page.Next = l.at
	}
	if l.query.Backward {
		slices.Reverse(l.page.Lines)
	}
	return nil
}

// done reports whether the page is as full as it gets.
func (l *logSearch) done() bool {
	return len(l.page.Lines) >= l.query.Limit || l.bytes >= searchBytes || l.store.now().After(l.until)
}

// atEnd reports whether the log has no further line in the query's direction.
func (l *logSearch) atEnd() bool {
	if l.query.Backward {
		return l.at <= l.page.First
	}
	return l.at >= l.page.Last
}

// window looks at the next lines.
func (l *logSearch) window(ctx context.Context) error {
	low, high, limit := l.at, min(l.at+searchWindow, l.page.Last)+1, searchRows
	if l.query.Backward {
		low, high = max(l.at-searchWindow, l.page.First)-1, l.at
	}
	if l.query.Pattern == nil {
		limit = min(limit, l.query.Limit-len(l.page.Lines))
	}
	rows, err := l.choose(ctx, low, high, limit)
	if err != nil {
		return err
	}
	for i, row := range rows {
		if i > 0 && l.done() {
			return nil
		}
		l.at = row.Seq
		if l.query.Pattern == nil || l.query.Pattern.Matches(row.Message) {
			l.page.Lines = append(l.page.Lines, row.line(l.place))
			l.bytes += len(row.Message) + len(row.Coloured)
		}
	}
	if len(rows) < limit {
		if l.at = high - 1; l.query.Backward {
			l.at = low + 1
		}
	}
	return nil
}

// choose returns lines strictly between two seqs that the pattern may match and that meet every other condition.
func (l *logSearch) choose(ctx context.Context, low, high int64, limit int) ([]logRow, error) {
	order := ""
	if l.query.Backward {
		order = " desc"
	}
	until := l.query.Until
	if until.IsZero() {
		until = listStart.At
	}
	var rows []logRow
	err := l.store.db.SelectContext(ctx, &rows, `
		select `+logColumns+`
		from   preview_logs
		where  day = $1
		  and  log = $2
		  and  seq > $3
		  and  seq < $4
		  and  level >= $5
		  and  ($6 = 0 or source = $6)
		  and  ts >= $7
		  and  ts < $8
		  and  ($9::text[] is null or lower(message collate "C") like any ($9))
		order  by seq`+order+`
		limit  $10`,
		l.place.Day, l.place.Log, low, high, levelNumber(l.query.Level), sourceNumber(l.query.Source),
		l.query.Since, until, containing(l.query.Pattern), limit)
	return rows, err
}

// containing are the patterns of like for messages that a pattern may match; nil for all.
func containing(p *preview.Pattern) pq.StringArray {
	if p == nil {
		return nil
	}
	var list pq.StringArray
	for _, text := range p.Literals() {
		list = append(list, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)+"%")
	}
	return list
}
