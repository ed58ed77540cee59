// Package swarmtest brings up a real Docker Swarm of several nodes on this machine, by scripts/swarm: each node is a dockerd
// in a network namespace of its own. A bed belongs to its process; what one that was killed left is swept by the next.
package swarmtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

const (
	beds  = "/tmp/previewd-swarm"
	slots = 9 // beds at a time, slot 0 apart, which is for people
)

// Bed is a swarm of nodes 1 to Nodes, of which the first is the manager.
type Bed struct {
	Nodes int

	slot int
	lock *os.File
}

// Up makes a bed with images on its manager. The caller takes it down.
func Up(ctx context.Context, nodes int, images ...string) (*Bed, error) {
	if os.Geteuid() != 0 {
		return nil, errors.New("a swarm in network namespaces needs root")
	}
	b := &Bed{Nodes: nodes}
	if err := b.takeSlot(); err != nil {
		return nil, err
	}
	for _, step := range [][]string{{"sweep"}, {"up", strconv.Itoa(nodes)}, append([]string{"load"}, images...)} {
		if err := b.script(ctx, step...); err != nil {
			return nil, errors.Join(err, b.Down(ctx))
		}
	}
	return b, nil
}

// takeSlot holds a lock for as long as this process lives: the kernel gives it back however that ends.
func (b *Bed) takeSlot() error {
	if err := os.MkdirAll(beds, 0o755); err != nil {
		return err
	}
	for b.slot = 1; b.slot <= slots; b.slot++ {
		lock, err := os.OpenFile(filepath.Join(beds, fmt.Sprintf("%d.lock", b.slot)), os.O_CREATE|os.O_RDWR, 0o644)
		if err != nil {
			return err
		}
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil { //nolint:gosec // a file descriptor
			b.lock = lock
			return nil
		}
		_ = lock.Close()
	}
	return errors.New("every slot for a swarm is taken")
}

// Down takes the bed down.
func (b *Bed) Down(ctx context.Context) error {
	return errors.Join(b.script(ctx, "down"), b.lock.Close())
}

func (b *Bed) script(ctx context.Context, args ...string) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(root, "scripts", "swarm"), args...)
	cmd.Env = append(os.Environ(), "SWARM_SLOT="+strconv.Itoa(b.slot), "SWARM_OWNER="+self())
	// The nodes inherit no pipe of this process: one would keep whoever reads it waiting.
	out, err := os.CreateTemp("", "previewd-swarm-")
	if err != nil {
		return err
	}
	defer func() { _ = errors.Join(out.Close(), os.Remove(out.Name())) }()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		return fmt.Errorf("scripts/swarm %s: %w\n%s", strings.Join(args, " "), err, said)
	}
	return nil
}

// self is this process: its id and its start time, by proc(5).
func self() string {
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return ""
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+2:]))
	return strconv.Itoa(os.Getpid()) + " " + fields[19]
}

func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("not inside a module")
		}
		dir = parent
	}
}

// Socket is the address of a node's engine on this machine.
func (b *Bed) Socket(node int) string {
	return fmt.Sprintf("unix://%s/%d/n%d/docker.sock", beds, b.slot, node)
}

// TLSDir holds the keys by which nodes' engines are spoken to over the network.
func (b *Bed) TLSDir() string { return fmt.Sprintf("%s/%d/tls", beds, b.slot) }

// Host is a node's address, which this machine can reach.
func (b *Bed) Host(node int) string { return fmt.Sprintf("10.213.%d.%d", b.slot, node) }

// Name is a node's host name.
func (b *Bed) Name(node int) string { return fmt.Sprintf("pvsw%d%d", b.slot, node) }

// Docker runs the engine's command line on a node and returns what it prints.
func (b *Bed) Docker(t *testing.T, node int, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), "docker", args...)
	cmd.Env = append(os.Environ(), "DOCKER_HOST="+b.Socket(node), "DOCKER_TLS_VERIFY=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("node %d: docker %s: %v: %s", node, strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// Kill ends a node's dockerd by SIGKILL; it is there again after the test.
func (b *Bed) Kill(t *testing.T, node int) {
	t.Helper()
	b.must(t, "kill", node)
	t.Cleanup(func() { b.Restart(t, node) })
}

// Restart starts a node's dockerd again, if it does not run.
func (b *Bed) Restart(t *testing.T, node int) {
	t.Helper()
	b.must(t, "start", node)
}

// Cut takes a node's cable out; it is back after the test.
func (b *Bed) Cut(t *testing.T, node int) {
	t.Helper()
	b.must(t, "cut", node)
	t.Cleanup(func() { b.Heal(t, node) })
}

// Heal puts a node's cable back.
func (b *Bed) Heal(t *testing.T, node int) {
	t.Helper()
	b.must(t, "heal", node)
}

func (b *Bed) must(t *testing.T, verb string, node int) {
	t.Helper()
	if err := b.script(context.WithoutCancel(t.Context()), verb, strconv.Itoa(node)); err != nil {
		t.Fatal(err)
	}
}

// Hold has a program listen on a port of a node until the test ends.
func (b *Bed) Hold(t *testing.T, node, port int) {
	t.Helper()
	const listen = `use IO::Socket::INET; my $s = IO::Socket::INET->new(LocalPort => $ARGV[0], Listen => 64) or die $!; ` +
		`$| = 1; print "listening\n"; <STDIN>`
	cmd := exec.CommandContext(t.Context(), "nsenter", "--net=/run/netns/"+b.Name(node), "perl", "-e", listen, strconv.Itoa(port))
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close(); _ = cmd.Wait() })
	if _, err := out.Read(make([]byte, 16)); err != nil {
		t.Fatalf("node %d: cannot listen on %d: %v", node, port, err)
	}
}

// Bridge is the default bridge of every node's engine, on which instances do not see one another.
const Bridge = "docker0"

// Prepare makes a node fit for hostile code, by scripts/swarm-node: its previews answer this machine and these addresses
// alone. With a bridge they stay on that.
func (b *Bed) Prepare(ctx context.Context, node int, bridge string, from ...string) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	script := filepath.Join(root, "scripts", "swarm-node")
	var fence []string
	if bridge != "" {
		fence = []string{"--bridge", bridge}
	}
	all := strings.Join(append(from, fmt.Sprintf("10.213.%d.254", b.slot)), ",")
	prepare := append([]string{"nsenter", "--net=/run/netns/" + b.Name(node), script, "prepare", "--from", all}, fence...)
	for _, command := range [][]string{prepare, append([]string{script, "label", b.Name(node)}, fence...)} {
		cmd := exec.CommandContext(ctx, command[0], command[1:]...)
		cmd.Env = append(os.Environ(), "DOCKER_HOST="+b.Socket(1), "DOCKER_TLS_VERIFY=")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("prepare node %d: %w: %s", node, err, out)
		}
	}
	return nil
}

// Reaches reports whether a connection from a node to the address of a URL is accepted.
func (b *Bed) Reaches(t *testing.T, node int, address string) bool {
	t.Helper()
	return len(reached(t, "/run/netns/"+b.Name(node), []string{address})) == 1
}

// ReachedFrom returns those of some URLs that a connection from a container's network is accepted by. The container need
// not have a program for it.
func (b *Bed) ReachedFrom(t *testing.T, node int, container string, addresses []string) []string {
	t.Helper()
	return reached(t, "/proc/"+b.Docker(t, node, "inspect", "-f", "{{.State.Pid}}", container)+"/ns/net", addresses)
}

// reached tries all at once: what is closed keeps silent for as long as one waits.
func reached(t *testing.T, network string, addresses []string) []string {
	t.Helper()
	const dial = `use IO::Socket::INET; for (@ARGV) { next if fork; print "$_\n" if IO::Socket::INET->new(PeerAddr => m{//([^/]+)}, Timeout => 2); exit } ` +
		`1 while wait > 0`
	args := append([]string{"--net=" + network, "perl", "-e", dial}, addresses...)
	out, err := exec.CommandContext(t.Context(), "nsenter", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("connect from %s to %v: %v: %s", network, addresses, err, out)
	}
	return strings.Fields(string(out))
}

// Inside runs a command of this machine on a node's network.
func (b *Bed) Inside(t *testing.T, node int, command ...string) {
	t.Helper()
	args := append([]string{"--net=/run/netns/" + b.Name(node)}, command...)
	if out, err := exec.CommandContext(t.Context(), "nsenter", args...).CombinedOutput(); err != nil {
		t.Fatalf("node %d: %s: %v: %s", node, strings.Join(command, " "), err, out)
	}
}
