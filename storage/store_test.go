package storage_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

// connect opens a plain connection, for what a Store does not offer.
func connect(t *testing.T, address string) *sqlx.DB {
	t.Helper()
	db, err := sqlx.ConnectContext(t.Context(), "postgres", address)
	check(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func open(t *testing.T, address string) *storage.Store {
	t.Helper()
	s, err := storage.Open(t.Context(), address, storage.Options{})
	check(t, err)
	t.Cleanup(func() { check(t, s.Close()) })
	return s
}

func TestOpenKeepsSecretsOutOfItsErrors(t *testing.T) {
	for _, address := range []string{"postgres://user:hunter2@host:99999999/db", "postgres://user:hunter2@%zz/db", "password=hunter2 nonsense"} {
		_, err := storage.Open(t.Context(), address, storage.Options{})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestOpenGivesUp(t *testing.T) {
	refused, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	check(t, refused.Close())
	nobody := "postgres://u@" + refused.Addr().String() + "/db?sslmode=disable"
	began := time.Now()
	_, err = storage.Open(t.Context(), nobody, storage.Options{StartupWait: 300 * time.Millisecond})
	if err == nil || time.Since(began) < 300*time.Millisecond {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
	// What waiting cannot heal is told at once.
	began = time.Now()
	missing, err := url.Parse(storagetest.URL(t))
	check(t, err)
	missing.Path = "/nosuchdatabase"
	_, err = storage.Open(t.Context(), missing.String(), storage.Options{StartupWait: time.Minute})
	if err == nil || !strings.Contains(err.Error(), "nosuchdatabase") || time.Since(began) > 30*time.Second {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
}

func TestOpenWaitsForTheServer(t *testing.T) {
	target := socketOf(t, storagetest.URL(t))
	late, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	address := late.Addr().String()
	check(t, late.Close())
	u, err := url.Parse(storagetest.URL(t))
	check(t, err)
	u.Host, u.RawQuery = address, "sslmode=disable"

	var wg sync.WaitGroup
	defer wg.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	wg.Go(func() {
		time.Sleep(200 * time.Millisecond) // the server's own start
		forward(ctx, t, address, target)
	})
	s, err := storage.Open(ctx, u.String(), storage.Options{StartupWait: 20 * time.Second})
	check(t, err)
	check(t, s.Ping(ctx))
	check(t, s.Close())
}

func socketOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	check(t, err)
	host := u.Query().Get("host")
	if host == "" {
		t.Skip("PREVIEW_TEST_DATABASE_URL is not a socket")
	}
	return filepath.Join(host, ".s.PGSQL.5432")
}

// forward makes the server at a socket reachable at a TCP address until ctx ends.
func forward(ctx context.Context, t *testing.T, address, socket string) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Error(err)
		return
	}
	context.AfterFunc(ctx, func() { _ = listener.Close() })
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", socket)
		if err != nil {
			t.Error(err)
			return
		}
		pipe := func(to, from net.Conn) {
			_, _ = io.Copy(to, from)
			_ = to.Close()
		}
		go pipe(server, client)
		go pipe(client, server)
	}
}

func TestSessionSettings(t *testing.T) {
	address := storagetest.URL(t)
	for name, c := range map[string]struct {
		url  string
		want map[string]string
	}{
		"ours": {address, map[string]string{
			"statement_timeout": "30s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "1min",
			"default_transaction_isolation": "read committed", "timezone": "UTC", "application_name": "previewd",
		}},
		"the URL's": {address + "&statement_timeout=1234&application_name=mine", map[string]string{
			"statement_timeout": "1234ms", "lock_timeout": "10s", "application_name": "mine",
		}},
	} {
		s := open(t, c.url)
		for setting, want := range c.want {
			var got string
			check(t, s.DB().Get(&got, `select current_setting($1)`, setting))
			if got != want {
				t.Errorf("%s: %s is %s, want %s", name, setting, got, want)
			}
		}
	}
}

// What may be lost in a crash does not wait for the disk, and what may not does.
func TestWhichCommitsWait(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	p := inStatus(t, s, preview.Starting)
	s.DB().SetMaxOpenConns(1) // so that the setting would be seen if it outlived its statement
	check(t, s.SetPhase(ctx, p.ID, preview.Booting))
	check(t, s.AppendLogs(ctx, linesFrom(p.ID, 1, 1)))
	var got string
	check(t, s.DB().Get(&got, `select source from pg_settings where name = 'synchronous_commit'`))
	if got == "session" {
		t.Error("one statement's lazy commit became the session's")
	}
}

// A database that is gone is an error of its own, never "not found" and never success.
func TestDatabaseGone(t *testing.T) {
	s := storagetest.New(t)
	check(t, s.Close())
	ctx := t.Context()
	var zero preview.Reason
	for name, do := range map[string]func() error{
		"Ping":            func() error { return s.Ping(ctx) },
		"Migrate":         func() error { return s.Migrate(ctx) },
		"MigrateDown":     func() error { return s.MigrateDown(ctx) },
		"MigrationStatus": func() error { _, err := s.MigrationStatus(ctx); return err },
		"Owner":           func() error { _, err := s.Owner(ctx); return err },
		"Secret":          func() error { _, err := s.Secret(ctx); return err },
		"PreviewByHost":   func() error { _, err := s.PreviewByHost(ctx, "h"); return err },
		"PutGeneration":   func() error { _, err := s.PutGeneration(ctx, preview.Generation{}, nil, nil); return err },
		"Generation":      func() error { _, err := s.Generation(ctx, "g"); return err },
		"Archive":         func() error { _, err := s.GenerationArchive(ctx, "g"); return err },
		"Files":           func() error { _, err := s.GenerationFiles(ctx, "g"); return err },
		"Generations":     func() error { _, _, err := s.Generations(ctx, "", "", 0); return err },
		"Delete":          func() error { return s.DeleteGeneration(ctx, "g") },
		"StartPreview":    func() error { _, _, err := s.StartPreview(ctx, row("g", "u"), ports); return err },
		"MovePort":        func() error { _, err := s.MovePort(ctx, "p", 1, 2, nil); return err },
		"BecomeRunning":   func() error { return s.BecomeRunning(ctx, "p", start0, nil) },
		"BeginEnd":        func() error { _, err := s.BeginEnd(ctx, "p", zero); return err },
		"BeginStopping":   func() error { _, err := s.BeginStopping(ctx, "p", zero); return err },
		"Finish":          func() error { return storagetest.Err(s.Finish(ctx, "p", preview.Failed, zero, nil)) },
		"TakeOver":        func() error { _, err := s.TakeOver(ctx, []string{"p"}, "a", "b"); return err },
		"SetPhase":        func() error { return s.SetPhase(ctx, "p", preview.Booting) },
		"Preview":         func() error { _, err := s.Preview(ctx, "p"); return err },
		"LatestPreview":   func() error { _, err := s.LatestPreview(ctx, "g"); return err },
		"Claims":          func() error { _, err := s.Claims(ctx); return err },
		"Previews":        func() error { _, _, err := s.Previews(ctx, "", "", 0); return err },
		"DuePreviews":     func() error { _, err := s.DuePreviews(ctx, start0, 0); return err },
		"AppendLogs":      func() error { return s.AppendLogs(ctx, linesFrom("p", 1, 1)) },
		"LogLines":        func() error { _, err := s.LogLines(ctx, "p", 0, 1); return err },
		"LastLogLines":    func() error { _, err := s.LastLogLines(ctx, "p", 1); return err },
		"LogPosition":     func() error { _, err := s.LogPosition(ctx, "p"); return err },
		"PruneLogs":       func() error { _, err := s.PruneLogs(ctx, start0); return err },
		"PrunePreviews":   func() error { _, err := s.PrunePreviews(ctx, start0); return err },
		"Lead":            func() error { _, err := s.Lead(ctx, "n"); return err },
		"Share":           func() error { return s.Share(ctx, "n") },
		"Locked":          func() error { _, err := s.Locked(ctx, "n"); return err },
		"Launchers":       func() error { _, err := s.Launchers(ctx); return err },
		"PreviewsOf":      func() error { _, err := s.PreviewsOf(ctx, "a"); return err },
		"Holds":           func() error { _, err := s.Holds(ctx, "p"); return err },
		"Leave":           func() error { return s.Leave(ctx) },
		"Expel":           func() error { return s.Expel(ctx, "a") },
	} {
		err := do()
		if err == nil || errors.Is(err, preview.ErrPreviewNotFound) || errors.Is(err, preview.ErrGenerationNotFound) ||
			errors.Is(err, preview.ErrPermissionDenied) || errors.Is(err, preview.ErrNoPorts) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Rows that this program cannot have written are errors, not half-read previews.
func TestForeignRows(t *testing.T) {
	address := storagetest.URL(t)
	s, db := open(t, address), connect(t, address)
	p := inStatus(t, s, preview.Running)
	for i, column := range []string{"reason", "request", "timings"} {
		if _, err := db.Exec(`update previews set ` + column + ` = '[` + strconv.Itoa(i) + `]'`); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Preview(t.Context(), p.ID); err == nil {
			t.Errorf("a foreign %s was read", column)
		}
		if _, _, err := s.Previews(t.Context(), "", "", 10); err == nil {
			t.Errorf("a foreign %s was listed", column)
		}
		if _, err := db.Exec(`update previews set ` + column + ` = '{}'`); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOwnerIsMadeOnce(t *testing.T) {
	address := storagetest.URL(t)
	var mu sync.Mutex
	seen := map[string]int{}
	var wg sync.WaitGroup
	for range 8 {
		s := open(t, address)
		wg.Go(func() {
			id, err := s.Owner(t.Context())
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			seen[id]++
		})
	}
	wg.Wait()
	if len(seen) != 1 {
		t.Errorf("ids: %v", seen)
	}
	for id := range seen {
		if len(id) != 12 || strings.Trim(id, "0123456789abcdef") != "" {
			t.Errorf("id %q", id)
		}
	}
}

// TestConnectionsAreKept has as many at work as there may be: a new connection costs the server a process.
func TestConnectionsAreKept(t *testing.T) {
	address := storagetest.URL(t)
	s, err := storage.Open(t.Context(), address, storage.Options{MaxConns: 8})
	check(t, err)
	defer func() { check(t, s.Close()) }()
	putGeneration(t, s, "g", "ann")
	db := connect(t, address)
	burst := func() {
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 20 {
					if _, err := s.Generation(t.Context(), "g"); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
	}
	newest := func() (at time.Time) {
		check(t, db.Get(&at, `
			select max(backend_start)
			from   pg_stat_activity
			where  datname = current_database()
			  and  application_name = 'previewd'`))
		return at
	}
	there := func() (n int) {
		check(t, db.Get(&n, `
			select count(*)
			from   pg_stat_activity
			where  datname = current_database()
			  and  application_name = 'previewd'`))
		return n
	}
	for deadline := time.Now().Add(20 * time.Second); there() < 8; burst() {
		if time.Now().After(deadline) {
			t.Fatal("a burst never takes all connections, or gives some back at once")
		}
	}
	before := newest()
	for range 10 {
		burst()
	}
	if after := newest(); !after.Equal(before) {
		t.Error("connections were made anew under a steady load")
	}
}
