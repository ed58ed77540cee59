package embedded

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// childDir makes the test binary a previewd that is going to be killed: it starts a server there and waits.
const childDir = "PREVIEWD_TEST_CHILD_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		os.Exit(runChild(dir))
	}
	os.Exit(m.Run())
}

func runChild(dir string) int {
	s, err := Start(context.Background(), Options{Dir: dir, Settings: fast})
	if err != nil {
		_, _ = io.WriteString(os.Stdout, "error: "+err.Error()+"\n")
		return 1
	}
	_, _ = io.WriteString(os.Stdout, "ready\n")
	<-s.Done()
	return 0
}

// noServers waits until nothing of PostgreSQL works in dir.
func noServers(t *testing.T, dir string) {
	t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for len(serversIn(dir)) > 0 {
		if time.Now().After(deadline) {
			t.Fatalf("still running: %v", serversIn(dir))
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func child(t *testing.T, dir string) (cmd *exec.Cmd, says *bytes.Buffer) {
	t.Helper()
	needPostgres(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd = exec.Command(self)
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	says = new(bytes.Buffer)
	cmd.Stderr = says
	return cmd, says
}

func startChild(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	cmd, says := child(t, dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 6)
	if _, err := io.ReadFull(out, line); err != nil || string(line) != "ready\n" {
		t.Fatalf("child said %q, %v, %s", line, err, says)
	}
	return cmd
}

func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
}

func TestKilledPreviewdTakesItsServerAlong(t *testing.T) {
	dir := t.TempDir()
	kill(t, startChild(t, dir))
	noServers(t, dir)
}

func TestStartsRightAfterAKill(t *testing.T) {
	dir := t.TempDir()
	kill(t, startChild(t, dir))
	s := start(t, Options{Dir: dir}) // the old server may still be shutting down
	if got := query(t, s.URL(), `select 1`); got != "1" {
		t.Errorf("read %s", got)
	}
}

func TestEndsAServerThatNobodyOwns(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Options{Dir: dir})
	master := s.process.cmd.Process.Pid
	// Leave it running and unlocked, as after a crash on a system that does not tell children of their parent's death.
	if err := s.lock.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := Start(t.Context(), Options{Dir: dir, Settings: fast})
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, second)
	select {
	case <-s.Done():
	case <-time.After(10 * time.Second):
		t.Fatalf("the old server %d still runs", master)
	}
	if got := query(t, second.URL(), `select 1`); got != "1" {
		t.Errorf("read %s", got)
	}
	s.lock = nil
}

func TestRecoversFromTheServersOwnKill(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Options{Dir: dir})
	exec1(t, s.URL(), `create table kept as select 42 as answer`)
	if err := s.process.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("Done stays open after the server was killed")
	}
	stop(t, s)
	s = start(t, Options{Dir: dir})
	if got := query(t, s.URL(), `select answer from kept`); got != "42" {
		t.Errorf("read %s", got)
	}
}

// After a restart of the machine, the process id in the files may be any program's.
func TestIgnoresAStaleProcessID(t *testing.T) {
	dir := t.TempDir()
	stop(t, start(t, Options{Dir: dir}))
	me := strconv.Itoa(os.Getpid()) + "\n"
	for _, name := range []string{"data/postmaster.pid", "run/.s.PGSQL.5432.lock"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(me+dir+"/data\n1\n5432\n\n\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		uid, gid, _ := ownerOf(filepath.Join(dir, "data"))
		if err := os.Chown(filepath.Join(dir, name), uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	start(t, Options{Dir: dir})
}

func TestHealsAKillDuringInitdb(t *testing.T) {
	dir := t.TempDir()
	cmd, _ := child(t, dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(20 * time.Second)
	for { // until initdb is at work
		if half, _ := filepath.Glob(filepath.Join(dir, initPrefix+"*", "PG_VERSION")); len(half) > 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("initdb did not begin")
		}
		time.Sleep(time.Millisecond)
	}
	kill(t, cmd)
	if _, err := os.Lstat(filepath.Join(dir, "data")); err == nil {
		t.Fatal("the cluster was complete already: nothing was tested")
	}
	s := start(t, Options{Dir: dir})
	if got := query(t, s.URL(), `select 1`); got != "1" {
		t.Errorf("read %s", got)
	}
	if half, _ := filepath.Glob(filepath.Join(dir, initPrefix+"*")); len(half) > 0 {
		t.Errorf("half-made clusters left: %v", half)
	}
}
