package storage_test

import (
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

// migrateBelow takes migrations back until the given one is not applied.
func migrateBelow(t *testing.T, s *storage.Store, version int64) {
	t.Helper()
	for {
		list, err := s.MigrationStatus(t.Context())
		check(t, err)
		for _, m := range list {
			if m.Version == version && m.AppliedAt == nil {
				return
			}
		}
		check(t, s.MigrateDown(t.Context()))
	}
}

// linePerRow is every stored line as the schema before partitions had it.
func linePerRow(t *testing.T, db *sqlx.DB) []string {
	t.Helper()
	var rows []string
	check(t, db.Select(&rows, `
		select concat_ws('|', preview_id, seq, ts, level, message, source, stream, origin, origin_instance, group_seq)
		from   preview_logs
		order  by preview_id, seq`))
	return rows
}

func TestLogsAreCarriedIntoPartitionsAndBack(t *testing.T) {
	address := storagetest.URL(t)
	s, db, ctx := open(t, address), connect(t, address), t.Context()
	p, q := createdAt(t, s, start0), createdAt(t, s, start0.AddDate(0, 0, 1))
	silent := createdAt(t, s, start0)
	migrateBelow(t, s, 10)
	lines := append(linesFrom(p.ID, 1, 4), linesFrom(q.ID, 1, 2)...)
	lines[1] = preview.LogLine{PreviewID: p.ID, Seq: 2, Timestamp: start0, Level: preview.Warning, Message: "told", Source: preview.System}
	lines[2].Message, lines[2].Level, lines[2].Stream, lines[2].OriginInstance = "\x1b[1;31mbad\x1b[0m \\ tab\t", preview.Error, preview.Stderr, "i0"
	lines[2].Group, lines[3].Group = 3, 3
	for _, l := range lines {
		_, err := db.Exec(`
			insert into preview_logs (preview_id, seq, ts, level, message, source, stream, origin, origin_instance, group_seq)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10, 0))`,
			l.PreviewID, l.Seq, l.Timestamp, l.Level, l.Message, l.Source, l.Stream, l.Origin, l.OriginInstance, l.Group)
		check(t, err)
	}
	before := linePerRow(t, db)

	check(t, s.Migrate(ctx))
	for id, want := range map[string][]preview.LogLine{p.ID: lines[:4], q.ID: lines[4:], silent.ID: {}} {
		got, err := s.LogLines(ctx, id, 0, 10)
		check(t, err)
		same(t, got, want)
	}
	if got := partitions(t, db); got != "2026_03_01 2026_03_02" {
		t.Errorf("partitions: %s", got)
	}
	position, err := s.LogPosition(ctx, p.ID)
	check(t, err)
	same(t, position, preview.LogPosition{Seq: 4, Instance: "i1", Origin: lines[3].Origin, SameOrigin: 1})
	check(t, s.AppendLogs(ctx, linesFrom(q.ID, 3, 1))) // it goes on
	_, err = db.Exec(`delete from preview_logs where seq = 3 and day = $1`, start0.AddDate(0, 0, 1).Format(time.DateOnly))
	check(t, err)

	migrateBelow(t, s, 10)
	same(t, linePerRow(t, db), before)
	check(t, s.Migrate(ctx))
	got, err := s.LogLines(ctx, p.ID, 0, 10)
	check(t, err)
	same(t, got, lines[:4])
}
