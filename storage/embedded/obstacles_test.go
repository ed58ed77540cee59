package embedded

import (
	"context"
	"errors"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// deaf leaves a server running, unlocked, and stopped: it hears SIGKILL only.
func deaf(t *testing.T, dir string) *Server {
	t.Helper()
	s := start(t, Options{Dir: dir})
	if err := s.lock.Close(); err != nil {
		t.Fatal(err)
	}
	s.lock = nil
	if err := s.process.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestALeftoverThatHearsNothingIsKilled(t *testing.T) {
	dir := t.TempDir()
	deaf(t, dir)
	if err := endLeftovers(t.Context(), dir, 100*time.Millisecond, silent()); err != nil {
		t.Fatal(err)
	}
	if left := serversIn(dir); len(left) > 0 {
		t.Errorf("still running: %v", left)
	}
	start(t, Options{Dir: dir})
}

func TestWaitingForALeftoverCanBeCancelled(t *testing.T) {
	dir := t.TempDir()
	deaf(t, dir)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := Start(ctx, Options{Dir: dir}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error: %v", err)
	}
}

func TestErrorsNameWhatIsInTheWay(t *testing.T) {
	needPostgres(t)
	for _, name := range []string{"lock", "hba.conf", "data/postmaster.pid", "run/.s.PGSQL.5432"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.MkdirAll(filepath.Join(dir, name, "sub"), 0o700); err != nil {
				t.Fatal(err)
			}
			s, err := Start(t.Context(), Options{Dir: dir, Settings: fast})
			if err == nil {
				stop(t, s)
				t.Fatal("it started")
			}
			if !strings.Contains(err.Error(), filepath.Join(dir, name)) {
				t.Errorf("error: %v", err)
			}
		})
	}
}

func TestOnlyTheOwnerUsesACluster(t *testing.T) {
	me := &user.User{Username: "me"}
	data := filepath.Join(t.TempDir(), "data")
	fresh, err := ownAccount(me, data)
	if err != nil || fresh.uid != os.Geteuid() || fresh.foreign || fresh.credential() != nil {
		t.Errorf("a new cluster: %+v, %v", fresh, err)
	}
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := ownAccount(me, data); err != nil {
		t.Errorf("one's own: %v", err)
	}
	asRoot(t)
	if err := os.Chown(data, 4242, 4242); err != nil {
		t.Fatal(err)
	}
	if _, err := ownAccount(me, data); err == nil || !strings.Contains(err.Error(), "4242") {
		t.Errorf("another's: %v", err)
	}
}
