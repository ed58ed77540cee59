package firewall_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Addresses of the outside, a network namespace that plays the internet and the private networks around a host.
const (
	public     = "203.0.113.9"
	private    = "10.254.99.9"
	metadata   = "169.254.169.254"
	cgnat      = "100.64.99.9"
	nameserver = "10.254.99.53"
	outsideEnv = "FIREWALL_TEST_OUTSIDE" // set in the process that serves there
)

var outsideAddrs = []string{public, private, metadata, cgnat, nameserver}

func TestMain(m *testing.M) {
	if os.Getenv(outsideEnv) != "" {
		serveOutside()
		return
	}
	m.Run()
}

// serveOutside accepts TCP connections on ports 53 and 80 of all addresses and echoes UDP on 53 until stdin ends.
func serveOutside() {
	for _, port := range []string{"53", "80"} {
		l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "0.0.0.0:"+port)
		if err != nil {
			fmt.Println(err)
			return
		}
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				_ = c.Close()
			}
		}()
	}
	for _, addr := range outsideAddrs { // one socket each: answers must come from the address that was asked
		udp, err := new(net.ListenConfig).ListenPacket(context.Background(), "udp", addr+":53")
		if err != nil {
			fmt.Println(err)
			return
		}
		go echo(udp)
	}
	fmt.Println("serving")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func echo(c net.PacketConn) {
	buf := make([]byte, 512)
	for {
		n, from, err := c.ReadFrom(buf)
		if err != nil {
			return
		}
		_, _ = c.WriteTo(buf[:n], from)
	}
}

// outside makes the namespace, routes its addresses there, and serves in it until the test ends.
func outside(t *testing.T) {
	t.Helper()
	id := fmt.Sprint(os.Getpid() % 100000)
	ns, inner, outer := "pvdtest"+id, "pvti"+id, "pvto"+id
	ip(t, "netns", "add", ns)
	t.Cleanup(func() { ip(t, "netns", "delete", ns) })
	ip(t, "link", "add", outer, "type", "veth", "peer", "name", inner, "netns", ns)
	ip(t, "addr", "add", "198.51.100.1/30", "dev", outer)
	ip(t, "link", "set", outer, "up")
	ip(t, "-n", ns, "addr", "add", "198.51.100.2/30", "dev", inner)
	ip(t, "-n", ns, "link", "set", inner, "up")
	ip(t, "-n", ns, "link", "set", "lo", "up")
	for _, addr := range outsideAddrs {
		ip(t, "-n", ns, "addr", "add", addr+"/32", "dev", "lo")
		ip(t, "route", "add", addr+"/32", "via", "198.51.100.2", "dev", outer)
	}
	serveIn(t, ns)
}

func serveIn(t *testing.T, ns string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "ip", "netns", "exec", ns, os.Args[0])
	cmd.Env = append(os.Environ(), outsideEnv+"=1")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = cmd.Wait()
	})
	said := make([]byte, 200)
	n, _ := stdout.Read(said)
	if !strings.HasPrefix(string(said[:n]), "serving") {
		t.Fatalf("the outside does not serve: %s", said[:n])
	}
}

func ip(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(context.Background(), "ip", args...).CombinedOutput(); err != nil {
		t.Fatalf("ip %s: %v: %s", strings.Join(args, " "), err, out)
	}
}
