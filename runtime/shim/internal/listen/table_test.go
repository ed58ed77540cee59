package listen

import (
	"context"
	"net"
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"

	"previewd/runtime/shim/internal/nstest"
)

// tables are the two ways to read the kernel's table, which must agree.
func tables(t *testing.T) map[string]*Table {
	t.Helper()
	d := Open()
	if !d.Cheap() {
		t.Fatal("this kernel has no sock_diag")
	}
	t.Cleanup(func() { _ = d.Close() })
	return map[string]*Table{"diag": d, "proc": {}}
}

func listenOn(t *testing.T, network, addr string) net.Listener {
	t.Helper()
	ln, err := (&net.ListenConfig{}).Listen(context.Background(), network, addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	return ln
}

func TestListening(t *testing.T) {
	listenOn(t, "tcp4", "127.0.0.1:3000")
	listenOn(t, "tcp4", "0.0.0.0:3001")
	listenOn(t, "tcp", "[::]:3002")
	listenOn(t, "tcp6", "[::]:3003")
	listenOn(t, "tcp6", "[::1]:3004")
	listenOn(t, "tcp4", nstest.Addr+":3005")
	listenOn(t, "tcp4", "127.0.0.11:40000") // as the engine's name server

	want := []string{nstest.Addr + ":3005", "0.0.0.0:3001", "127.0.0.1:3000", "[::1]:3004", "[::]:3002", "[::]:3003"}
	modes := map[int]Mode{3002: DualStack, 3003: OnlyV6, 3004: DualStack}
	inodes := map[string][]uint64{}
	for name, table := range tables(t) {
		got, err := table.Listening(nil)
		if err != nil {
			t.Fatal(name, err)
		}
		found := map[string]Socket{}
		for _, s := range got {
			found[s.Addr.String()] = s
			inodes[s.Addr.String()] = append(inodes[s.Addr.String()], s.Inode)
		}
		if len(got) != len(want) {
			t.Errorf("%s: %v", name, got)
		}
		for _, addr := range want {
			s, ok := found[addr]
			if !ok {
				t.Errorf("%s: no %s in %v", name, addr, got)
			}
			if wantMode, ok := modes[s.Port()]; ok && s.Addr.Addr().IsUnspecified() && s.Mode != wantMode {
				t.Errorf("%s: mode of %s is %d", name, addr, s.Mode)
			}
		}
	}
	for addr, pair := range inodes {
		if len(pair) != 2 || pair[0] == 0 || pair[0] != pair[1] {
			t.Errorf("inodes of %s: %v", addr, pair)
		}
	}
}

func TestOutsideCountsOnlyConnectionsFromElsewhere(t *testing.T) {
	ln := listenOn(t, "tcp", "[::]:3000") // IPv4 peers show as mapped addresses
	for _, addr := range []string{nstest.Addr + ":3000", "127.0.0.1:3000", "[::1]:3000"} {
		var d net.Dialer
		if addr[0] == '1' && addr[1] == '0' {
			// From 10.99.0.3 to 10.99.0.2: both are this namespace's, but not the same.
			d.LocalAddr = &net.TCPAddr{IP: net.IPv4(10, 99, 0, 3)}
			d.Control = freeBind
		}
		conn, err := d.Dial("tcp", addr)
		if err != nil {
			t.Fatal(addr, err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		server, err := ln.Accept()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = server.Close() })
	}
	for name, table := range tables(t) {
		if n, err := table.Outside(3000); err != nil || n != 1 {
			t.Errorf("%s: %d connections, %v", name, n, err)
		}
		if n, err := table.Outside(3001); err != nil || n != 0 {
			t.Errorf("%s: %d connections on another port, %v", name, n, err)
		}
	}
}

func TestPassiveOpensCountsAcceptedConnections(t *testing.T) {
	ln := listenOn(t, "tcp", "127.0.0.1:3000")
	before, err := PassiveOpens()
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		conn, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.Close()
	}
	nstest.Eventually(t, "three more", func() bool {
		after, err := PassiveOpens()
		return err == nil && after == before+3
	})
}

func TestOwnAddr(t *testing.T) {
	if got := OwnAddr(); got != netip.MustParseAddr(nstest.Addr) {
		t.Errorf("own address %v", got)
	}
}

func TestTryMode(t *testing.T) {
	listenOn(t, "tcp", "[::]:3000")
	listenOn(t, "tcp6", "[::]:3001")
	if got := tryMode(3000); got != DualStack {
		t.Errorf("dual: %v", got)
	}
	if got := tryMode(3001); got != OnlyV6 {
		t.Errorf("IPv6 only: %v", got)
	}
}

func TestDialAddr(t *testing.T) {
	for in, want := range map[Socket]string{
		{Addr: netip.MustParseAddrPort("0.0.0.0:80")}:                "127.0.0.1:80",
		{Addr: netip.MustParseAddrPort("[::]:80"), Mode: OnlyV6}:     "[::1]:80",
		{Addr: netip.MustParseAddrPort("[::]:80"), Mode: DualStack}:  "127.0.0.1:80",
		{Addr: netip.MustParseAddrPort("[::1]:80"), Mode: DualStack}: "[::1]:80",
		{Addr: netip.MustParseAddrPort("127.0.0.5:80")}:              "127.0.0.5:80",
		{Addr: netip.MustParseAddrPort("10.1.2.3:80")}:               "10.1.2.3:80",
	} {
		if got := in.DialAddr().String(); got != want {
			t.Errorf("%+v: %s", in, got)
		}
	}
}

func TestTableRecoversFromAnAnswerLeftUnread(t *testing.T) {
	table := Open()
	defer func() { _ = table.Close() }()
	listenOn(t, "tcp4", "127.0.0.1:3000")
	d := table.diag
	if err := unix.Sendto(d.fd, d.request(unix.AF_INET, stateListen, 0), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		t.Fatal(err)
	}
	if _, err := table.Listening(nil); err == nil {
		t.Error("the kernel took a second request")
	}
	if got, err := table.Listening(nil); err != nil || len(got) != 1 || !table.Cheap() {
		t.Errorf("%v, %v", got, err)
	}
}
