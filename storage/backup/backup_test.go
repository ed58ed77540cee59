package backup_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/backup"
	"previewd/storage/migrations"
	"previewd/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t testing.TB, url string) *storage.Store {
	t.Helper()
	s, err := storage.Open(t.Context(), url, storage.Options{Webhooks: true})
	check(t, err)
	t.Cleanup(func() { check(t, s.Close()) })
	return s
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

// live launches a preview of a generation of its own on a day, with lines.
func live(t testing.TB, s *storage.Store, id string, day int) preview.Preview {
	t.Helper()
	ctx, at := t.Context(), noon.AddDate(0, 0, day)
	_, err := s.PutGeneration(ctx, preview.Generation{ID: id, UserID: "ann", Digest: "d"}, bytes.Repeat([]byte{0, 0xff, '\\'}, 3000), nil)
	check(t, err)
	p, _, err := s.StartPreview(ctx, preview.Preview{
		ID: preview.NewID(), GenerationID: id, UserID: "ann", SessionTokenHash: []byte{0xff}, TokenExpiry: at, CreatedAt: at, LastActiveAt: at, ExpiresAt: at,
		Request: preview.Request{SecretEnv: preview.SecretEnv{"KEY": "hunter2"}},
	}, preview.StartOptions{PortMin: 3001, PortMax: 3100, LaunchedBy: "ann", Launches: preview.Rate{Most: 99, Per: time.Hour}})
	check(t, err)
	var lines []preview.LogLine
	for seq := range int64(50) {
		lines = append(lines, preview.LogLine{
			PreviewID: p.ID, Seq: seq + 1, Timestamp: at, Message: fmt.Sprintf("\x1b[31mline\x1b[0m %d \\ \t ü", seq), Level: preview.Info,
			Source: preview.Subprocess, Stream: preview.Stdout, Origin: at.UnixNano() + seq, OriginInstance: "i1",
		})
	}
	check(t, s.AppendLogs(ctx, lines))
	return p
}

// rows are those of every table, as text.
func rows(t testing.TB, url string) map[string][]string {
	t.Helper()
	db, err := sql.Open("postgres", url)
	check(t, err)
	defer func() { check(t, db.Close()) }()
	found := map[string][]string{}
	for _, table := range migrations.Tables() {
		var text sql.NullString
		err := db.QueryRowContext(t.Context(), `select string_agg(t::text, e'\n' order by t::text) from `+table+` as t`).Scan(&text)
		if err != nil {
			text.String = err.Error() // it is not there
		}
		found[table] = strings.Split(text.String, "\n")
	}
	return found
}

func same(t testing.TB, got, want map[string][]string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func exec1(t testing.TB, url, statement string) {
	t.Helper()
	db, err := sql.Open("postgres", url)
	check(t, err)
	_, err = db.ExecContext(t.Context(), statement)
	check(t, errors.Join(err, db.Close()))
}

// made is a backup of a database that was lived in, and what was in it.
func made(t testing.TB) (url, file string, held map[string][]string) {
	t.Helper()
	url, file = storagetest.URL(t), filepath.Join(t.TempDir(), "previewd.dump")
	s := open(t, url)
	_, err := s.Secret(t.Context())
	check(t, err)
	for day := range 3 {
		live(t, s, fmt.Sprint("g", day), day)
	}
	held = rows(t, url)
	_, err = backup.File(t.Context(), backup.Database{URL: url}, file, nil)
	check(t, err)
	return url, file, held
}

func TestABackupBringsBackWhatWasThere(t *testing.T) {
	url, file, held := made(t)
	live(t, open(t, url), "later", 5)
	info, err := os.Stat(file)
	check(t, err)
	if info.Mode() != 0o600 {
		t.Errorf("the file's mode is %v", info.Mode())
	}
	if found, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".*")); found != nil {
		t.Errorf("left over: %v", found)
	}

	empty := storagetest.EmptyURL(t)
	var passed bytes.Buffer
	check(t, backup.Restore(t.Context(), backup.Database{URL: empty}, file, backup.RestoreOptions{Passed: &passed}))
	same(t, rows(t, empty), held)
	live(t, open(t, empty), "goes-on", 3)
	if passed.Len() == 0 {
		t.Error("nobody was told how far it is")
	}

	// Back into the one it is of, over what was written since.
	into := backup.Database{URL: url}
	if err := backup.Restore(t.Context(), into, file, backup.RestoreOptions{}); !errors.Is(err, backup.ErrNotEmpty) {
		t.Errorf("over a database that is in use: %v", err)
	}
	check(t, backup.Restore(t.Context(), into, file, backup.RestoreOptions{Replace: true}))
	same(t, rows(t, url), held)
}

func TestACopyIsAnotherInstallation(t *testing.T) {
	url, file, _ := made(t)
	original, err := open(t, url).Owner(t.Context())
	check(t, err)
	empty := storagetest.EmptyURL(t)
	check(t, backup.Restore(t.Context(), backup.Database{URL: empty}, file, backup.RestoreOptions{Copy: true}))
	s := open(t, empty)
	if owner, err := s.Owner(t.Context()); err != nil || owner == original {
		t.Errorf("the copy is %s, the original %s, %v", owner, original, err)
	}
	if due, err := s.DueEvents(t.Context(), time.Now(), nil, 10); err != nil || len(due) > 0 {
		t.Errorf("the copy would tell of %+v, %v", due, err)
	}
}

// TestWhatCannotBeRestoredChangesNothing tries every wrong file on a database that somebody needs.
func TestWhatCannotBeRestoredChangesNothing(t *testing.T) {
	_, file, _ := made(t)
	whole, err := os.ReadFile(file)
	check(t, err)
	later := storagetest.URL(t)
	exec1(t, later, `insert into goose_db_version (version_id, is_applied) values (9999, true)`)
	laterFile := filepath.Join(t.TempDir(), "later")
	_, err = backup.File(t.Context(), backup.Database{URL: later}, laterFile, nil)
	check(t, err)
	foreign := storagetest.EmptyURL(t)
	exec1(t, foreign, `create table recipes (name text)`)
	foreignFile := filepath.Join(t.TempDir(), "foreign")
	_, err = backup.File(t.Context(), backup.Database{URL: foreign}, foreignFile, nil)
	check(t, err)

	url := storagetest.URL(t)
	live(t, open(t, url), "needed", 1)
	before := rows(t, url)
	write := func(content []byte) string {
		path := filepath.Join(t.TempDir(), "file")
		check(t, os.WriteFile(path, content, 0o600))
		return path
	}
	for name, c := range map[string]struct{ path, want string }{
		"none":      {filepath.Join(t.TempDir(), "none"), "no such file"},
		"folder":    {t.TempDir(), "no regular file"},
		"text":      {write([]byte("select 1;")), "not a backup of previewd"},
		"truncated": {write(whole[:len(whole)-len(whole)/3]), "end of file"},
		"foreign":   {foreignFile, "has no table installation"},
		"later":     {laterFile, "a later version of previewd"},
	} {
		err := backup.Restore(t.Context(), backup.Database{URL: url}, c.path, backup.RestoreOptions{Replace: true})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.path) {
			t.Errorf("%s: %v", name, err)
		}
		same(t, rows(t, url), before)
	}
	err = backup.Restore(t.Context(), backup.Database{URL: foreign}, file, backup.RestoreOptions{Replace: true})
	if !errors.Is(err, backup.ErrNotEmpty) || !strings.Contains(err.Error(), "recipes") {
		t.Errorf("over tables of somebody else: %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestABackupThatFailsLeavesTheOneBefore(t *testing.T) {
	url, file, _ := made(t)
	before, err := os.ReadFile(file)
	check(t, err)
	away := strings.Replace(url, "/previewd_test_", "/no_such_", 1)
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx    context.Context
		db     backup.Database
		path   string
		passed io.Writer
		want   string
	}{
		"no database": {t.Context(), backup.Database{URL: away}, file, nil, "does not exist"},
		"no room":     {t.Context(), backup.Database{URL: url}, file, failing{}, "disk full"},
		"interrupted": {stopped, backup.Database{URL: url}, file, nil, context.Canceled.Error()},
		"no folder":   {t.Context(), backup.Database{URL: url}, file + "/x", nil, "not a directory"},
		"no URL":      {t.Context(), backup.Database{URL: "mysql://u:hunter2@h/d"}, file, nil, "want postgres://user:password@host"},
		"no programs": {t.Context(), backup.Database{URL: url, Programs: t.TempDir()}, file, nil, "no such file"},
	} {
		_, err := backup.File(c.ctx, c.db, c.path, c.passed)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
	after, err := os.ReadFile(file)
	check(t, err)
	if !bytes.Equal(before, after) {
		t.Error("the backup before is not what it was")
	}
	if left, _ := os.ReadDir(filepath.Dir(file)); len(left) != 1 {
		t.Errorf("left over: %v", left)
	}
}

func TestAnInterruptedRestoreChangesNothing(t *testing.T) {
	_, file, _ := made(t)
	url := storagetest.EmptyURL(t)
	before := rows(t, url)
	ctx, cancel := context.WithCancel(t.Context())
	err := backup.Restore(ctx, backup.Database{URL: url}, file, backup.RestoreOptions{Passed: interrupting(cancel)})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error: %v", err)
	}
	same(t, rows(t, url), before)
}

// interrupting is told of the first bytes that are restored.
type interrupting func()

func (i interrupting) Write(p []byte) (int, error) { i(); return len(p), nil }
