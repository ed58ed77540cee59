package supervise

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"previewd/runtime/shim/internal/nstest"
	"previewd/runtime/shim/internal/testapp"
)

func TestMain(m *testing.M) {
	if testapp.Is() {
		testapp.Run()
	}
	os.Exit(nstest.Main(m))
}

func newSupervisor(t *testing.T, grace time.Duration) *Supervisor {
	t.Helper()
	s, err := New(Options{Env: os.Environ(), Grace: grace, Stdout: 1, Stderr: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func sh(script string) []string { return []string{"/bin/sh", "-c", script} }

func TestExits(t *testing.T) {
	for _, tc := range []struct {
		argv []string
		want Exit
		fail bool
	}{
		{sh("exit 0"), Exit{}, false},
		{sh("exit 3"), Exit{Code: 3}, false},
		{sh("kill -9 $$"), Exit{Code: 137, Signal: "SIGKILL"}, false},
		{sh("kill -SEGV $$"), Exit{Code: 139, Signal: "SIGSEGV"}, false},
		{[]string{"true"}, Exit{}, false},
		{[]string{"no-such-program"}, Exit{Code: 127}, true},
		{[]string{"/etc/passwd"}, Exit{Code: 126}, true},
		{nil, Exit{Code: 127}, true},
	} {
		got, err := newSupervisor(t, time.Second).Run(tc.argv, nil)
		if got != tc.want || (err != nil) != tc.fail {
			t.Errorf("%q: %+v, %v", tc.argv, got, err)
		}
	}
}

func TestStartedIsToldTheLeaderOfAGroup(t *testing.T) {
	s := newSupervisor(t, time.Second)
	_, err := s.Run(sh("sleep 0.1"), func(pid int) {
		if group, err := unix.Getpgid(pid); err != nil || group != pid {
			t.Errorf("pid %d in group %d, %v", pid, group, err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestStop: each case is a signal to this process, which is process 1 here.
func TestStop(t *testing.T) {
	for _, tc := range []struct {
		name, script string
		signal       syscall.Signal
		want         Exit
	}{
		{"SIGTERM", "sleep 100", unix.SIGTERM, Exit{143, "SIGTERM"}},
		{"SIGINT", "trap 'exit 5' INT; while :; do sleep 0.02; done", unix.SIGINT, Exit{Code: 5}},
		{"its own code", "trap 'exit 0' TERM; while :; do sleep 0.02; done", unix.SIGTERM, Exit{}},
		{"ignored", "trap '' TERM; while :; do sleep 0.02; done", unix.SIGTERM, Exit{137, "SIGKILL"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newSupervisor(t, 200*time.Millisecond)
			ready := filepath.Join(t.TempDir(), "ready")
			got, err := s.Run(sh("touch "+ready+"; "+tc.script), func(int) {
				go func() {
					nstest.Eventually(t, "the app runs", func() bool { _, err := os.Stat(ready); return err == nil })
					time.Sleep(50 * time.Millisecond) // for the trap after it
					_ = unix.Kill(os.Getpid(), tc.signal)
				}()
			})
			if err != nil || got != tc.want {
				t.Errorf("%+v %v", got, err)
			}
			if _, stopping := s.Stopping(); !stopping {
				t.Error("not stopping")
			}
		})
	}
}

// TestStopWaitsForTheGroup: the leader is a shell that ends at once, its server needs a moment.
func TestStopWaitsForTheGroup(t *testing.T) {
	s := newSupervisor(t, nstest.Patience)
	dir := t.TempDir()
	ready, clean := filepath.Join(dir, "ready"), filepath.Join(dir, "clean")
	script := "(trap 'sleep 0.2; touch " + clean + "; exit 0' TERM; touch " + ready + "; while :; do sleep 0.02; done) & wait"
	_, err := s.Run(sh(script), func(int) {
		go func() {
			nstest.Eventually(t, "the app runs", func() bool { _, err := os.Stat(ready); return err == nil })
			_ = unix.Kill(os.Getpid(), unix.SIGTERM)
		}()
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(clean); err != nil {
		t.Error("the server was not given its time:", err)
	}
}

func TestOtherSignalsArePassedOn(t *testing.T) {
	s := newSupervisor(t, time.Second)
	ready := filepath.Join(t.TempDir(), "ready")
	got, err := s.Run(sh("trap 'exit 9' HUP; touch "+ready+"; while :; do sleep 0.02; done"), func(int) {
		go func() {
			nstest.Eventually(t, "the app runs", func() bool { _, err := os.Stat(ready); return err == nil })
			_ = unix.Kill(os.Getpid(), unix.SIGHUP)
		}()
	})
	if _, stopping := s.Stopping(); err != nil || got.Code != 9 || stopping {
		t.Errorf("%+v %v %v", got, err, stopping)
	}
}

func TestReapsOrphans(t *testing.T) {
	s := newSupervisor(t, time.Second)
	if _, err := s.Run(testapp.Command("orphans=50", "sleep=300ms", "exit=0"), func(pid int) {
		go nstest.Eventually(t, "orphans are there and then gone", func() bool { return zombies(t) == 0 })
	}); err != nil {
		t.Fatal(err)
	}
	nstest.Eventually(t, "no zombie", func() bool { reap(0); return zombies(t) == 0 })
}

func zombies(t *testing.T) (n int) {
	t.Helper()
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		stat, err := os.ReadFile(name)
		if at := bytes.LastIndexByte(stat, ')'); err == nil && at > 0 && stat[at+2] == 'Z' {
			n++
		}
	}
	return n
}

func TestKillEndsWhatLeftTheGroup(t *testing.T) {
	s := newSupervisor(t, time.Second)
	leader := 0
	if _, err := s.Run(testapp.Command("daemon", "exit=0"), func(pid int) { leader = pid }); err != nil {
		t.Fatal(err)
	}
	if others() == 0 {
		t.Fatal("the daemon is not there")
	}
	Kill(leader)
	nstest.Eventually(t, "the daemon is gone", func() bool { reap(0); return others() == 0 })
}

func others() (n int) {
	pids, _ := filepath.Glob("/proc/[0-9]*")
	return len(pids) - 1
}

func TestStdinNeverEnds(t *testing.T) {
	s := newSupervisor(t, time.Second)
	got, err := s.Run(testapp.Command("stdin", "sleep=300ms", "exit=0"), nil)
	if err != nil || got.Code != 0 {
		t.Errorf("%+v %v", got, err)
	}
}

func TestStoppedBeforeTheStart(t *testing.T) {
	s := newSupervisor(t, time.Second)
	_ = unix.Kill(os.Getpid(), unix.SIGTERM)
	var exit Exit
	nstest.Eventually(t, "the signal", func() (stopping bool) { exit, stopping = s.Stopping(); return stopping })
	if exit != (Exit{143, "SIGTERM"}) {
		t.Errorf("%+v", exit)
	}
}

func TestWaitStop(t *testing.T) {
	s := newSupervisor(t, time.Second)
	ended := make(chan struct{})
	close(ended)
	s.WaitStop(ended)
	go func() { _ = unix.Kill(os.Getpid(), unix.SIGTERM) }()
	s.WaitStop(nil)
	if _, stopping := s.Stopping(); !stopping {
		t.Error("not stopping")
	}
}
