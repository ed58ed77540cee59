package embedded

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/lib/pq"
	"github.com/sirupsen/logrus"
)

// fast is for clusters that need not survive the machine.
var fast = map[string]string{"fsync": "off"}

func needPostgres(t *testing.T) {
	t.Helper()
	if _, err := find(t.Context(), nil, 0); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
}

func start(t *testing.T, o Options) *Server {
	t.Helper()
	needPostgres(t)
	if o.Settings == nil {
		o.Settings = fast
	}
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

func stop(t *testing.T, s *Server) {
	t.Helper()
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func query(t *testing.T, url, q string) string {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var answer string
	if err := db.QueryRowContext(t.Context(), q).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	return answer
}

func exec1(t *testing.T, url, q string) {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), q); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
}

func TestDataOutlivesTheServer(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pg")
	s := start(t, Options{Dir: dir})
	exec1(t, s.URL(), `create table kept as select 42 as answer`)
	stop(t, s)
	if left := serversIn(dir); len(left) > 0 {
		t.Fatalf("processes left: %v", left)
	}
	select {
	case <-s.Done():
	default:
		t.Fatal("Done is open after Stop")
	}

	began := time.Now()
	s = start(t, Options{Dir: dir})
	t.Logf("second start: %v", time.Since(began))
	if got := query(t, s.URL(), `select answer from kept`); got != "42" {
		t.Errorf("read %s", got)
	}
}

func TestListensOnTheSocketOnlyAndWithoutSecretsInItsLog(t *testing.T) {
	s := start(t, Options{Dir: t.TempDir()})
	for setting, want := range map[string]string{
		"listen_addresses": "", "synchronous_commit": "on", "log_min_error_statement": "panic", "log_error_verbosity": "terse",
	} {
		if got := query(t, s.URL(), `select current_setting('`+setting+`')`); got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
	if info, err := os.Stat(s.layout.run); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("socket folder: %v %v", info.Mode(), err)
	}
}

// The whole point of running as another user below a folder that this user cannot enter, such as root's home.
func TestServesBelowAClosedFolder(t *testing.T) {
	closed := filepath.Join(t.TempDir(), "home")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	s := start(t, Options{Dir: filepath.Join(closed, "deep", "pg")})
	if got := query(t, s.URL(), `select current_user`); got != role {
		t.Errorf("connected as %s", got)
	}
	owner, _, _ := ownerOf(s.layout.data)
	if owner == 0 {
		t.Error("the cluster belongs to root")
	}
}

func TestServesFromAPathTooLongForASocket(t *testing.T) {
	s := start(t, Options{Dir: filepath.Join(t.TempDir(), strings.Repeat("x", 60), strings.Repeat("y", 60))})
	if got := query(t, s.URL(), `select 1`); got != "1" {
		t.Errorf("read %s", got)
	}
}

func TestAnotherUserIsKeptOut(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to become another user")
	}
	needPostgres(t)
	dir, err := os.MkdirTemp("", "previewd-embedded-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	s := start(t, Options{Dir: filepath.Join(dir, "pg")})

	b, err := find(t.Context(), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	// The server's own user reaches the socket but is not the one who may connect; others do not even reach it.
	uid, _, _ := ownerOf(s.layout.data)
	for _, uid := range []uint32{uint32(uid), 65534} {
		cmd := exec.Command(filepath.Join(b.dir, "psql"), "-h", s.layout.run, "-U", role, "-c", "select 1", "postgres")
		cmd.Dir = "/"
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
		if out, err := cmd.CombinedOutput(); err == nil {
			t.Errorf("user id %d got in: %s", uid, out)
		}
	}
}

func TestTwoOnOneFolder(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Options{Dir: dir})
	if _, err := Start(t.Context(), Options{Dir: dir, Settings: fast}); !errors.Is(err, ErrInUse) {
		t.Errorf("second start: %v", err)
	}
	if got := query(t, s.URL(), `select 1`); got != "1" {
		t.Error("the first one suffered")
	}
}

func TestStopEndsOpenSessions(t *testing.T) {
	s := start(t, Options{Dir: t.TempDir()})
	db, err := sql.Open("postgres", s.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	began := time.Now()
	stop(t, s)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("stop took %v", took)
	}
}

func TestStopByForceWhenTimeIsUp(t *testing.T) {
	s := start(t, Options{Dir: t.TempDir()})
	// A stopped process hears SIGKILL only.
	if err := s.process.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	noServers(t, s.layout.dir)
}

func TestTellsWhatPostgresSaysOfABadStart(t *testing.T) {
	needPostgres(t)
	dir := t.TempDir()
	_, err := Start(t.Context(), Options{Dir: dir, Settings: map[string]string{"fsync": "perhaps"}})
	if err == nil || !strings.Contains(err.Error(), `parameter "fsync" requires a Boolean value`) {
		t.Fatalf("error: %v", err)
	}
	start(t, Options{Dir: dir}) // neither lock nor process was left
}

func TestCancelledStart(t *testing.T) {
	needPostgres(t)
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := Start(ctx, Options{Dir: dir, Settings: fast}); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("error: %v", err)
	}
	noServers(t, dir)
	start(t, Options{Dir: dir})
}

func TestLogsBySeverity(t *testing.T) {
	var out bytes.Buffer
	log := logrus.New()
	log.SetOutput(&out)
	log.SetLevel(logrus.DebugLevel)
	for _, line := range []string{"PANIC:  a", "FATAL:  b", "WARNING:  c", "ERROR:  d", "LOG:  e", "FATAL:  the database system is starting up"} {
		logLine(logrus.NewEntry(log), line)
	}
	for _, want := range []string{
		"level=error msg=\"PANIC:  a", "level=warning msg=\"FATAL:  b", "level=warning msg=\"WARNING:  c",
		"level=debug msg=\"ERROR:  d", "level=debug msg=\"LOG:  e", "level=debug msg=\"FATAL:  the database system",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is not in\n%s", want, out.String())
		}
	}
}
