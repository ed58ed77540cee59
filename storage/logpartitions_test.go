package storage_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

// createdAt starts a preview that was created then.
func createdAt(t *testing.T, s *storage.Store, when time.Time) preview.Preview {
	t.Helper()
	generation := "g-" + preview.NewID()
	putGeneration(t, s, generation, "user")
	p := row(generation, "user")
	p.CreatedAt = when
	p, _, err := s.StartPreview(t.Context(), p, ports)
	check(t, err)
	return p
}

// clocked opens a Store whose clock stands still.
func clocked(t *testing.T, address string, when time.Time) *storage.Store {
	t.Helper()
	s, err := storage.Open(t.Context(), address, storage.Options{Now: func() time.Time { return when }})
	check(t, err)
	t.Cleanup(func() { check(t, s.Close()) })
	return s
}

func partitions(t *testing.T, db *sqlx.DB) string {
	t.Helper()
	var names []string
	check(t, db.Select(&names, `
		select inhrelid::regclass::text from pg_inherits where inhparent = 'preview_logs'::regclass order by 1`))
	return strings.ReplaceAll(strings.Join(names, " "), "preview_logs_", "")
}

func storedLines(t *testing.T, s *storage.Store, id string) int {
	t.Helper()
	lines, err := s.LogLines(t.Context(), id, 0, 100_000)
	check(t, err)
	return len(lines)
}

func TestALogStaysInThePartitionOfItsPreviewsDay(t *testing.T) {
	address := storagetest.URL(t)
	s, db := open(t, address), connect(t, address)
	last := time.Date(2026, 3, 1, 23, 59, 59, 999999000, time.UTC)
	p, q := createdAt(t, s, last), createdAt(t, s, last.Add(time.Microsecond).In(time.FixedZone("west", -5*3600)))
	batch := append(linesFrom(p.ID, 1, 3), linesFrom(q.ID, 1, 2)...)
	batch[2].Timestamp = last.AddDate(0, 0, 3) // it ran on
	check(t, s.AppendLogs(t.Context(), batch))
	if got := partitions(t, db); got != "2026_03_01 2026_03_02" {
		t.Errorf("partitions: %s", got)
	}
	for day, want := range map[string]int{"2026_03_01": 3, "2026_03_02": 2} {
		var n int
		check(t, db.Get(&n, `select count(*) from preview_logs_`+day))
		if n != want {
			t.Errorf("%d lines on %s, want %d", n, day, want)
		}
	}
	got, err := s.LogLines(t.Context(), p.ID, 0, 10)
	check(t, err)
	same(t, got, batch[:3])
}

func TestReadingLooksIntoOnePartition(t *testing.T) {
	address := storagetest.URL(t)
	s, db := clocked(t, address, start0), connect(t, address)
	check(t, s.AddLogPartitions(t.Context()))
	p := createdAt(t, s, start0)
	check(t, s.AppendLogs(t.Context(), linesFrom(p.ID, 1, 3)))
	var plan []string
	check(t, db.Select(&plan, `explain select seq from preview_logs where day = $1 and log = $2 order by seq limit 1`, start0, 1))
	if text := strings.Join(plan, "\n"); strings.Count(text, "preview_logs_2026") != 2 || !strings.Contains(text, "Index Only Scan using preview_logs_2026_03_01_pkey") {
		t.Errorf("the plan:\n%s", text)
	}
}

func TestPartitionsAreMadeAhead(t *testing.T) {
	address := storagetest.URL(t)
	db := connect(t, address)
	evening := time.Date(2026, 12, 30, 23, 0, 0, 0, time.FixedZone("west", -5*3600)) // it is the 31st already
	var all sync.WaitGroup
	for i := range 4 { // replicas
		s := clocked(t, address, evening.AddDate(0, 0, i%2))
		all.Go(func() {
			if err := s.AddLogPartitions(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := partitions(t, db); got != "2026_12_31 2027_01_01 2027_01_02 2027_01_03" {
		t.Errorf("partitions: %s", got)
	}
	var unlike int
	check(t, db.Get(&unlike, `
		select count(*) from pg_inherits
		where  inhparent = 'preview_logs'::regclass
		  and  2 <> (select count(*) from pg_constraint where conrelid = inhrelid and contype in ('c', 'p'))`))
	if unlike > 0 {
		t.Errorf("%d partitions lack a constraint of the table", unlike)
	}
}

// TestAppendsThatMissTheirPartition come from several replicas at once.
func TestAppendsThatMissTheirPartition(t *testing.T) {
	address := storagetest.URL(t)
	db := connect(t, address)
	var all sync.WaitGroup
	for i := range 6 {
		s := open(t, address)
		p := createdAt(t, s, start0.AddDate(0, 0, i%2))
		all.Go(func() {
			if err := s.AppendLogs(t.Context(), linesFrom(p.ID, 1, 100)); err != nil {
				t.Error(err)
			} else if n := storedLines(t, s, p.ID); n != 100 {
				t.Errorf("%d lines are stored", n)
			}
		})
	}
	all.Wait()
	if got := partitions(t, db); got != "2026_03_01 2026_03_02" {
		t.Errorf("partitions: %s", got)
	}
}

func TestAPartitionThatCannotBeMade(t *testing.T) {
	address := storagetest.URL(t)
	s, db := open(t, address), connect(t, address)
	p := createdAt(t, s, start0)
	_, err := db.Exec(`create view preview_logs_2026_03_01 as select 1`)
	check(t, err)
	if err := s.AppendLogs(t.Context(), linesFrom(p.ID, 1, 1)); err == nil || !strings.Contains(err.Error(), "append 1 log lines") {
		t.Errorf("error: %v", err)
	}
	_, err = db.Exec(`drop view preview_logs_2026_03_01; create type preview_logs_2026_03_01 as enum ()`)
	check(t, err)
	if err := s.AppendLogs(t.Context(), linesFrom(p.ID, 1, 1)); err == nil || !strings.Contains(err.Error(), "add log partition 2026-03-01") {
		t.Errorf("error: %v", err)
	}
}

func TestWholeDaysAreDropped(t *testing.T) {
	address := storagetest.URL(t)
	db, ctx := connect(t, address), t.Context()
	day := func(n int) time.Time { return start0.AddDate(0, 0, n) }
	now := clocked(t, address, day(9))
	log := func(created, ended int) string { // ended is a day, -1 never
		t.Helper()
		s := clocked(t, address, day(max(ended, 0)))
		p := createdAt(t, s, day(created))
		check(t, s.AppendLogs(ctx, linesFrom(p.ID, 1, 2)))
		if ended >= 0 {
			finish(t, s, p.ID, preview.Failed, because(preview.AppExited), nil)
		}
		return p.ID
	}
	gone, alsoGone := log(0, 0), log(0, 1)
	old, long := log(1, 1), log(1, 4) // the second keeps the day
	running := log(2, -1)
	deleted := log(3, 3)
	check(t, now.DeleteGeneration(ctx, reload(t, now, deleted).GenerationID))
	check(t, now.AddLogPartitions(ctx)) // 10th to 12th
	yesterday := log(8, 8)

	dropped, err := now.DropLogPartitions(ctx, day(3))
	check(t, err)
	if got := partitions(t, db); dropped != 2 || got != "2026_03_02 2026_03_03 2026_03_09 2026_03_10 2026_03_11 2026_03_12" {
		t.Errorf("%d dropped, left: %s", dropped, got)
	}
	for id, want := range map[string]int{gone: 0, alsoGone: 0, old: 2, long: 2, running: 2, yesterday: 2} {
		if n := storedLines(t, now, id); n != want {
			t.Errorf("%d lines of %s, want %d", n, id, want)
		}
	}
	var left int
	check(t, db.Get(&left, `select count(*) from discarded_logs`))
	if left != 0 {
		t.Errorf("%d discarded logs are left of a day that went", left)
	}
	dropped, err = now.DropLogPartitions(ctx, day(20)) // of a day that is not over yet more may come
	check(t, err)
	if got := partitions(t, db); dropped != 1 || got != "2026_03_03 2026_03_09 2026_03_10 2026_03_11 2026_03_12" {
		t.Errorf("%d dropped, left: %s", dropped, got)
	}
	check(t, now.AppendLogs(ctx, linesFrom(gone, 3, 1))) // a straggler
	if n := storedLines(t, now, gone); n != 1 {
		t.Errorf("%d lines after a late one", n)
	}
}

func TestAPartitionInUseIsLeft(t *testing.T) {
	address := storagetest.URL(t)
	s, db, ctx := open(t, address), connect(t, address), t.Context()
	p := createdAt(t, s, start0)
	check(t, s.AppendLogs(ctx, linesFrom(p.ID, 1, 1)))
	finish(t, s, p.ID, preview.Failed, because(preview.AppExited), nil)
	reader, err := db.Beginx()
	check(t, err)
	defer func() { _ = reader.Rollback() }()
	_, err = reader.Exec(`select from preview_logs`)
	check(t, err)
	future := time.Now().AddDate(0, 0, 9)
	if dropped, err := s.DropLogPartitions(ctx, future); dropped != 0 || err != nil {
		t.Errorf("%d dropped: %v", dropped, err)
	}
	check(t, reader.Rollback())
	if dropped, err := s.DropLogPartitions(ctx, future); dropped != 1 || err != nil {
		t.Errorf("%d dropped: %v", dropped, err)
	}
	_, err = db.Exec(`
		create table preview_logs_2026_03_01 partition of preview_logs for values from ('2026-03-01') to ('2026-03-02');
		create view holds as select * from preview_logs_2026_03_01`)
	check(t, err)
	if _, err := s.DropLogPartitions(ctx, future); err == nil || !strings.Contains(err.Error(), "drop log partition 2026-03-01") {
		t.Errorf("error: %v", err)
	}
}

// TestInstancesAreNumberedOnce has another process append the first line of another instance at the same moment.
func TestInstancesAreNumberedOnce(t *testing.T) {
	address := storagetest.URL(t)
	s, db, ctx := open(t, address), connect(t, address), t.Context()
	p := inStatus(t, s, preview.Running)
	check(t, s.AppendLogs(ctx, linesFrom(p.ID, 1, 1)))
	lines := linesFrom(p.ID, 2, 2)
	lines[0].OriginInstance, lines[1].OriginInstance = "i2", "i1"
	err := during(t, db, `update previews set log_instances = log_instances || '{i3}' where id = $1`, p.ID, func() error {
		return s.AppendLogs(ctx, lines)
	})
	check(t, err)
	got, err := s.LogLines(ctx, p.ID, 1, 10)
	check(t, err)
	same(t, got, lines)
	var known string
	check(t, db.Get(&known, `select log_instances from previews where id = $1`, p.ID))
	if known != "{i1,i3,i2}" {
		t.Errorf("instances: %s", known)
	}
}

// TestWhoWaitsForTheDisk looks at how the transaction of an append is set up.
func TestWhoWaitsForTheDisk(t *testing.T) {
	address := storagetest.URL(t) + "&synchronous_commit=on"
	s, db, ctx := open(t, address), connect(t, address), t.Context()
	p := inStatus(t, s, preview.Running)
	check(t, s.AppendLogs(ctx, linesFrom(p.ID, 1, 1)))
	_, err := db.Exec(`
		create table seen (seq bigint, waits text);
		create function see() returns trigger language plpgsql as
		$$ begin insert into seen values (new.seq, current_setting('synchronous_commit')); return new; end $$;
		create trigger see before insert on preview_logs for each row execute function see()`)
	check(t, err)
	check(t, s.AppendLogs(ctx, linesFrom(p.ID, 2, 1)))
	told := linesFrom(p.ID, 3, 2)
	told[1].Origin, told[1].OriginInstance, told[1].Source = 0, "", preview.System
	check(t, s.AppendLogs(ctx, told))
	var seen string
	check(t, db.Get(&seen, `select string_agg(seq || ' ' || waits, ', ' order by seq) from seen`))
	if seen != "2 off, 3 on, 4 on" {
		t.Errorf("seen: %s", seen)
	}
}
