package storage_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/migrations"
	"previewd/storage/storagetest"
)

// held is what a database holds: of each table every row, as its columns by name.
type held map[string][]map[string]any

func holds(t *testing.T, db *sqlx.DB) held {
	t.Helper()
	found := held{}
	for _, table := range migrations.Tables() {
		var there bool
		check(t, db.Get(&there, `select to_regclass($1) is not null`, table))
		if !there || table == "goose_db_version" {
			continue
		}
		var texts []string
		check(t, db.Select(&texts, `select to_jsonb(t) from `+table+` as t order by to_jsonb(t)::text`))
		found[table] = []map[string]any{}
		for _, text := range texts {
			var row map[string]any
			check(t, json.Unmarshal([]byte(text), &row))
			found[table] = append(found[table], row)
		}
	}
	return found
}

// within leaves out the tables and columns that another schema has not.
func (h held) within(other held) held {
	left := held{}
	for table, rows := range h {
		if _, there := other[table]; !there {
			continue
		}
		left[table] = []map[string]any{}
		for _, row := range rows {
			row = maps.Clone(row)
			if len(other[table]) > 0 {
				maps.DeleteFunc(row, func(column string, _ any) bool { _, there := other[table][0][column]; return !there })
			}
			left[table] = append(left[table], row)
		}
		slices.SortFunc(left[table], func(a, b map[string]any) int { return strings.Compare(spelled(a), spelled(b)) })
	}
	return left
}

func spelled(row map[string]any) string {
	b, _ := json.Marshal(row) // keys in order
	return string(b)
}

// lived fills a database with some of everything that a previewd writes.
func lived(t *testing.T, address string) *storage.Store {
	t.Helper()
	s, ctx := withWebhooks(t, address), t.Context()
	_, err := s.Secret(ctx)
	check(t, err)
	for _, user := range []string{"ann", "bob"} {
		putGeneration(t, s, "of-"+user, user)
		check(t, s.PutEndpoints(ctx, "of-"+user, "sha256:00", "v1", []byte(`[]`)))
		r := row("of-"+user, user)
		r.CreatedAt = start0.AddDate(0, 0, len(user))
		r.Request.Env = map[string]string{"A": "b"}
		p, _, err := s.StartPreview(ctx, r, by(user, preview.Rate{Most: 5, Per: time.Hour}))
		check(t, err)
		check(t, s.BecomeRunning(ctx, p.ID, start0, nil))
		lines := linesFrom(p.ID, 1, 5)
		lines[2].Group, lines[3].Group = 3, 3
		check(t, s.AppendLogs(ctx, lines))
	}
	for _, status := range []preview.Status{preview.Starting, preview.Stopping, preview.Stopped, preview.Failed} {
		inStatus(t, s, status)
	}
	note(t, s, due(t, s, start0.Add(time.Hour))[0], delivered)
	return s
}

// TestDownStepByStepAndUp takes a database that was lived in down to nothing, and at each step holds what is left to what was
// there: what the older schema has a place for is as it was, both below and after the way up again.
func TestDownStepByStepAndUp(t *testing.T) {
	address := storagetest.URL(t)
	s, db, ctx := lived(t, address), connect(t, address), t.Context()
	for {
		list, err := s.MigrationStatus(ctx)
		check(t, err)
		list = slices.DeleteFunc(list, func(m storage.Migration) bool { return m.AppliedAt == nil })
		if len(list) == 0 {
			return
		}
		step, above := list[len(list)-1], holds(t, db)
		check(t, s.MigrateDown(ctx))
		below := holds(t, db)
		whole(step.Version == 10, above, below)
		if diff := cmp.Diff(above.within(below), below.within(above)); diff != "" {
			t.Errorf("taking back %s loses what the older schema has: -above +below\n%s", step.Name, diff)
		}
		check(t, s.Migrate(ctx))
		again := holds(t, db)
		whole(step.Version <= 10, below, again)
		if diff := cmp.Diff(below.within(again), again.within(below)); diff != "" {
			t.Errorf("%s loses what was there: -below +again\n%s", step.Name, diff)
		}
		migrateBelow(t, s, step.Version)
		if lost := gone(above, below); (step.Loses != "") != (lost != "") && !foundAnew[step.Version] {
			t.Errorf("%s says that it loses %q and takes %q", step.Name, step.Loses, lost)
		}
	}
}

// foundAnew are steps that take tables or columns away from which nothing is lost: what they hold is made of what is left, or
// is nothing (secrets, which keep the step from being taken).
var foundAnew = map[int64]bool{9: true, 10: true, 11: true, 13: true}

// whole leaves out lines where one side has them in another form: a test of their own follows them both ways.
func whole(reshaped bool, both ...held) {
	for _, h := range both {
		if reshaped {
			delete(h, "preview_logs")
		}
	}
}

// gone names a table or column that was filled and is not there any more.
func gone(above, below held) string {
	for table, rows := range above {
		for _, row := range rows {
			for column, value := range row {
				if there, ok := below[table]; (!ok || len(there) > 0 && !hasColumn(there[0], column)) && value != nil {
					return table + "." + column
				}
			}
		}
	}
	return ""
}

func hasColumn(row map[string]any, column string) bool {
	_, there := row[column]
	return there
}

func TestTheMemoryInForceComesBack(t *testing.T) {
	address := storagetest.URL(t)
	s, db := open(t, address), connect(t, address)
	p := started(t, s, "g", "user")
	_, err := db.Exec(`update previews set memory_limit_mb = 300 where id = $1`, p.ID)
	check(t, err)
	migrateBelow(t, s, 11)
	check(t, s.Migrate(t.Context()))
	var limit int
	check(t, db.Get(&limit, `select memory_limit_mb from previews`))
	if limit != 300 {
		t.Errorf("the limit is %d", limit)
	}
}

// An older release knows nothing of secret variables: it would write them into logs.
func TestSecretsKeepASchemaFromGoingBack(t *testing.T) {
	address := storagetest.URL(t)
	s, ctx := open(t, address), t.Context()
	putGeneration(t, s, "g", "user")
	asked := row("g", "user")
	asked.Request.SecretEnv = preview.SecretEnv{"KEY": "hunter2"}
	p, _, err := s.StartPreview(ctx, asked, ports)
	check(t, err)
	migrateBelow(t, s, 10)
	if err := s.MigrateDown(ctx); err == nil || !strings.Contains(err.Error(), "stop them first") {
		t.Errorf("error: %v", err)
	}
	check(t, s.Migrate(ctx))
	same(t, reload(t, s, p.ID).Request.SecretEnv, asked.Request.SecretEnv)
	finish(t, s, p.ID, preview.Failed, because(preview.AppExited), nil)
	migrateBelow(t, s, 9)
}

func TestStatusNamesWhatALaterReleaseMade(t *testing.T) {
	address := storagetest.URL(t)
	s, db := open(t, address), connect(t, address)
	_, err := db.Exec(`insert into goose_db_version (version_id, is_applied) values (9999, true)`)
	check(t, err)
	list, err := s.MigrationStatus(t.Context())
	check(t, err)
	last := list[len(list)-1]
	if last.Version != 9999 || !last.Unknown || last.AppliedAt == nil {
		t.Errorf("the last one is %+v", last)
	}
}
