package embedded

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func asRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root to become another user")
	}
}

// openDir is a folder that every user may enter and write to.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "previewd-embedded-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

// startAs runs this test binary as a previewd of another user and returns what it first said.
func startAs(t *testing.T, uid uint32, dir string) (cmd *exec.Cmd, said string) {
	t.Helper()
	cmd, _ = child(t, dir)
	cmd.Path = "/proc/self/exe" // the build's folder may be closed to that user
	cmd.Dir = "/"
	cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uid, Gid: uid}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 1000)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	return cmd, string(line[:n])
}

func TestRunsAsAnOrdinaryUserAndLaterAsRoot(t *testing.T) {
	asRoot(t)
	const uid = 65534
	dir := filepath.Join(openDir(t), "pg")
	cmd, said := startAs(t, uid, dir)
	if said != "ready\n" {
		t.Fatal(said)
	}
	kill(t, cmd)
	noServers(t, dir)

	// Root takes the cluster over and leaves it to its owner.
	stop(t, start(t, Options{Dir: dir}))
	if owner, _, _ := ownerOf(filepath.Join(dir, "data")); owner != uid {
		t.Errorf("the cluster belongs to %d now", owner)
	}
}

func TestAnotherUsersClusterIsRefused(t *testing.T) {
	asRoot(t)
	dir := openDir(t)
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd, said := startAs(t, 65534, dir)
	_ = cmd.Wait()
	if !strings.Contains(said, "belongs to user id 0") {
		t.Error(said)
	}
}

func TestRootBecomesTheOwnerOrPostgres(t *testing.T) {
	asRoot(t)
	data := filepath.Join(t.TempDir(), "data")
	fresh, err := chooseAccount(data)
	if err != nil {
		t.Fatal(err)
	}
	if fresh.uid == 0 || !fresh.foreign || fresh.client != "root" || fresh.credential() == nil {
		t.Errorf("for a new cluster: %+v", fresh)
	}
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(data, 4242, 4243); err != nil {
		t.Fatal(err)
	}
	owner, err := chooseAccount(data)
	if err != nil {
		t.Fatal(err)
	}
	if owner.uid != 4242 || owner.gid != 4243 {
		t.Errorf("for an existing cluster: %+v", owner)
	}
}
