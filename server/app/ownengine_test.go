package app_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// baseImage is what previewd's images stand on; setup makes it, or it can be pulled.
const baseImage = "debian:trixie-slim"

// ownEngine is a dockerd of the test's own, in a network of its own, which may be stopped and killed. It shares nothing
// with the host's but the kernel.
type ownEngine struct {
	engineAPI
	dir        string
	holder     *exec.Cmd // keeps the network for as long as it lives
	containerd *exec.Cmd // survives the daemon, as where the system runs both
	daemon     *exec.Cmd
	gone       chan struct{} // closed when the daemon has ended
	said       *output
}

// newOwnEngine starts one, which has the base image.
func newOwnEngine(t testing.TB) *ownEngine {
	t.Helper()
	requireDaemons(t)
	theirs := theEngine(t)
	dir, err := os.MkdirTemp("", "previewd-engine-") // short: a socket's path has its limit
	if err != nil {
		t.Fatal(err)
	}
	e := &ownEngine{engineAPI: engineAt(t, filepath.Join(dir, "docker.sock")), dir: dir, said: &output{}}
	t.Cleanup(e.clear)
	e.holder = exec.Command("sleep", "infinity")
	e.holder.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	if err := e.holder.Start(); err != nil {
		t.Fatalf("a network namespace of its own: %v", err)
	}
	if out, err := e.command("ip", "link", "set", "lo", "up").CombinedOutput(); err != nil {
		t.Fatalf("loopback: %v: %s", err, out)
	}
	e.startContainerd()
	e.start()
	e.load(theirs, baseImage)
	return e
}

// requireDaemons fails in CI and skips elsewhere when a daemon cannot be run.
func requireDaemons(t testing.TB) {
	t.Helper()
	var err error
	if os.Geteuid() != 0 {
		err = errors.New("not root")
	}
	for _, program := range []string{"dockerd", "containerd", "nsenter", "ip"} {
		_, missing := exec.LookPath(program)
		err = errors.Join(err, missing)
	}
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("an engine of the test's own needs root, dockerd, containerd, nsenter and ip: %v", err)
	default:
		t.Skipf("an engine of the test's own needs root, dockerd, containerd, nsenter and ip: %v", err)
	}
}

func (e *ownEngine) netns() string { return fmt.Sprintf("/proc/%d/ns/net", e.holder.Process.Pid) }

// enter is the command that runs another one in the engine's network.
func (e *ownEngine) enter() []string { return []string{"nsenter", "--net=" + e.netns()} }

// command runs in the engine's network; what it says is kept.
func (e *ownEngine) command(args ...string) *exec.Cmd {
	through := e.enter()
	return exec.Command(through[0], append(through[1:], args...)...)
}

func (e *ownEngine) startContainerd() {
	e.t.Helper()
	config := fmt.Sprintf(`version = 2
root = "%[1]s/containerd"
state = "%[1]s/containerd-state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "%[1]s/containerd.sock"
`, e.dir)
	if err := os.WriteFile(e.dir+"/containerd.toml", []byte(config), 0o600); err != nil {
		e.t.Fatal(err)
	}
	e.containerd = e.command("containerd", "--log-level", "warn", "--config", e.dir+"/containerd.toml")
	e.containerd.Stdout, e.containerd.Stderr = e.said, e.said
	if err := e.containerd.Start(); err != nil {
		e.t.Fatal(err)
	}
}

// start runs the daemon and waits until it answers.
func (e *ownEngine) start(flags ...string) {
	e.t.Helper()
	args := []string{
		"dockerd", "--data-root", e.dir + "/data", "--exec-root", e.dir + "/exec", "--pidfile", e.dir + "/pid",
		"--containerd", e.dir + "/containerd.sock", "-H", "unix://" + e.dir + "/docker.sock", "--log-level", "warn",
	}
	e.daemon, e.gone = e.command(append(args, flags...)...), make(chan struct{})
	e.daemon.Stdout, e.daemon.Stderr = e.said, e.said
	if err := e.daemon.Start(); err != nil {
		e.t.Fatal(err)
	}
	go func(daemon *exec.Cmd, gone chan struct{}) {
		defer close(gone)
		_ = daemon.Wait()
	}(e.daemon, e.gone)
	if !eventually(startPatience, e.answers) {
		e.t.Fatalf("dockerd does not answer:\n%s", e.said)
	}
}

func (e *ownEngine) answers() bool {
	resp, err := e.http.Get("http://engine/_ping")
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// end sends the daemon a signal and waits until it is gone. What it leaves running goes on.
func (e *ownEngine) end(signal syscall.Signal) {
	e.t.Helper()
	if err := e.daemon.Process.Signal(signal); err != nil {
		e.t.Fatal(err)
	}
	select {
	case <-e.gone:
	case <-time.After(startPatience):
		e.t.Fatalf("dockerd does not end:\n%s", e.said)
	}
}

// load copies an image from another engine.
func (e *ownEngine) load(from engineAPI, image string) {
	e.t.Helper()
	resp, err := from.http.Get("http://engine/v1.41/images/get?" + url.Values{"names": {image}}.Encode())
	if err != nil {
		e.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		e.t.Fatalf("the host's engine has no %s: %s", image, resp.Status)
	}
	loaded, err := e.http.Post("http://engine/v1.41/images/load?quiet=1", "application/x-tar", resp.Body)
	if err != nil {
		e.t.Fatal(err)
	}
	defer func() { _ = loaded.Body.Close() }()
	if out, err := io.ReadAll(loaded.Body); err != nil || loaded.StatusCode != http.StatusOK {
		e.t.Fatalf("load %s: %s %s %v", image, loaded.Status, out, err)
	}
}

// clear ends the daemon and everything that it started, and removes its folder.
func (e *ownEngine) clear() {
	if e.daemon != nil {
		_ = e.daemon.Process.Signal(syscall.SIGTERM)
		select {
		case <-e.gone:
		case <-time.After(30 * time.Second):
			_ = e.daemon.Process.Kill()
		}
	}
	if e.t.Failed() {
		e.t.Logf("dockerd said:\n%s", e.said)
	}
	for _, pid := range e.processes() {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	for _, cmd := range []*exec.Cmd{e.containerd, e.holder} {
		if cmd != nil && cmd.Process != nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	}
	if !eventually(10*time.Second, func() bool { return len(e.processes()) == 0 }) {
		e.t.Errorf("processes of the engine are left: %v", e.processes())
	}
	e.unmount()
	if err := os.RemoveAll(e.dir); err != nil {
		e.t.Errorf("remove the engine's folder: %v", err)
	}
}

// processes are those that name the engine's folder, as daemons and the shims of containers do, and those that live in
// one of its containers.
func (e *ownEngine) processes() []int {
	var found []int
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range dirs {
		line, _ := os.ReadFile(dir + "/cmdline")
		mounts, _ := os.ReadFile(dir + "/mounts") // the first one is the root
		root, _, _ := bytes.Cut(mounts, []byte("\n"))
		var pid int
		_, _ = fmt.Sscan(filepath.Base(dir), &pid)
		if pid != os.Getpid() && (bytes.Contains(line, []byte(e.dir+"/")) || bytes.Contains(root, []byte(e.dir+"/"))) {
			found = append(found, pid)
		}
	}
	return found
}

func (e *ownEngine) unmount() {
	mounts, _ := os.ReadFile("/proc/self/mounts")
	lines := strings.Split(string(mounts), "\n")
	slices.Reverse(lines)
	for _, line := range lines {
		if fields := strings.Fields(line); len(fields) > 1 && strings.HasPrefix(fields[1], e.dir+"/") {
			_ = unix.Unmount(fields[1], unix.MNT_DETACH)
		}
	}
}

// door makes an address of the engine's network reachable from here until the test ends, and returns where.
func (e *ownEngine) door(target string) string {
	e.t.Helper()
	inside, err := url.Parse(target)
	if err != nil {
		e.t.Fatal(err)
	}
	l := listen(e.t, "127.0.0.1:0")
	go func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			go e.carry(from, inside.Host)
		}
	}()
	return "http://" + l.Addr().String()
}

func (e *ownEngine) carry(from net.Conn, to string) {
	defer func() { _ = from.Close() }()
	conn, err := dialIn(e.netns(), to)
	if err != nil {
		return
	}
	defer func() { _ = conn.Close() }()
	go func() {
		_, _ = io.Copy(conn, from)
		_ = conn.(*net.TCPConn).CloseWrite()
	}()
	_, _ = io.Copy(from, conn)
}

// dialIn connects from within a network namespace. A connection stays where it was made, so only the making needs a
// thread there, which ends with its goroutine.
func dialIn(netns, address string) (net.Conn, error) {
	type outcome struct {
		conn net.Conn
		err  error
	}
	made := make(chan outcome)
	go func() {
		runtime.LockOSThread()
		ns, err := os.Open(netns)
		if err == nil {
			err = unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET)
			_ = ns.Close()
		}
		if err != nil {
			made <- outcome{err: err}
			return
		}
		conn, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", address)
		made <- outcome{conn, err}
	}()
	o := <-made
	return o.conn, o.err
}
