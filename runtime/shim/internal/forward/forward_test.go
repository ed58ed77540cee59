package forward

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"previewd/runtime/shim/internal/nstest"
)

// app listens on loopback and hands each connection to handle.
func app(t *testing.T, handle func(*net.TCPConn)) netip.AddrPort {
	t.Helper()
	ln, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	go func() {
		for {
			conn, err := ln.AcceptTCP()
			if err != nil {
				return
			}
			go handle(conn)
		}
	}()
	return ln.Addr().(*net.TCPAddr).AddrPort()
}

func echo(conn *net.TCPConn) {
	_, _ = io.Copy(conn, conn)
	_ = conn.Close()
}

func forwardTo(t *testing.T, target netip.AddrPort, limit int) (*Forwarder, *Meter) {
	t.Helper()
	var meter Meter
	f, err := Listen(netip.MustParseAddrPort(nstest.Addr+":0"), target, limit, &meter)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, &meter
}

func dial(t *testing.T, f *Forwarder) *net.TCPConn {
	t.Helper()
	conn, err := net.DialTCP("tcp", nil, net.TCPAddrFromAddrPort(f.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.SetDeadline(time.Now().Add(nstest.Patience)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestCopiesBothWays(t *testing.T) {
	f, meter := forwardTo(t, app(t, echo), 10)
	conn := dial(t, f)
	sent := make([]byte, 8<<20)
	_, _ = rand.Read(sent)
	go func() { _, _ = conn.Write(sent); _ = conn.CloseWrite() }()
	got, err := io.ReadAll(conn)
	if err != nil || !bytes.Equal(got, sent) {
		t.Fatalf("%d of %d bytes, %v", len(got), len(sent), err)
	}
	nstest.Eventually(t, "none open", func() bool { return meter.Open() == 0 })
	if meter.Accepted() != 1 || meter.Opened() != 1 {
		t.Errorf("accepted %d, opened %d", meter.Accepted(), meter.Opened())
	}
}

// TestHalfClose: the client has said all it had to say, the app answers after that, and later in small parts.
func TestHalfClose(t *testing.T) {
	f, _ := forwardTo(t, app(t, func(conn *net.TCPConn) {
		asked, _ := io.ReadAll(conn)
		for i := range 3 {
			_, _ = fmt.Fprintf(conn, "%d:%s;", i, asked)
		}
		_ = conn.Close()
	}), 10)
	conn := dial(t, f)
	_, _ = io.WriteString(conn, "all")
	_ = conn.CloseWrite()
	if got, err := io.ReadAll(conn); err != nil || string(got) != "0:all;1:all;2:all;" {
		t.Errorf("%q %v", got, err)
	}
}

// TestAppClosesFirst: the app has ended its half, and goes on reading.
func TestAppClosesFirst(t *testing.T) {
	heard := make(chan string, 1)
	f, _ := forwardTo(t, app(t, func(conn *net.TCPConn) {
		_, _ = io.WriteString(conn, "bye")
		_ = conn.CloseWrite()
		rest, _ := io.ReadAll(conn)
		heard <- string(rest)
		_ = conn.Close()
	}), 10)
	conn := dial(t, f)
	if got, err := io.ReadAll(conn); err != nil || string(got) != "bye" {
		t.Fatalf("%q %v", got, err)
	}
	_, _ = io.WriteString(conn, "late")
	_ = conn.CloseWrite()
	if got := <-heard; got != "late" {
		t.Errorf("%q", got)
	}
}

func TestResetIsPassedOn(t *testing.T) {
	gone := make(chan error, 1)
	f, meter := forwardTo(t, app(t, func(conn *net.TCPConn) {
		_, err := io.Copy(io.Discard, conn)
		gone <- err
	}), 10)
	conn := dial(t, f)
	_, _ = io.WriteString(conn, "x")
	nstest.Eventually(t, "joined", func() bool { return meter.Opened() == 1 })
	reset(conn)
	if err := <-gone; !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the app saw %v", err)
	}
	nstest.Eventually(t, "none open", func() bool { return meter.Open() == 0 })
}

func TestNobodyListens(t *testing.T) {
	f, meter := forwardTo(t, netip.MustParseAddrPort("127.0.0.1:1"), 10)
	conn, err := net.DialTCP("tcp", nil, net.TCPAddrFromAddrPort(f.Addr()))
	if err == nil { // the reset may come as soon as that
		_, err = io.ReadAll(conn)
		_ = conn.Close()
	}
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("%v", err)
	}
	if meter.Opened() != 0 {
		t.Errorf("%d opened", meter.Opened())
	}
}

func TestSetTarget(t *testing.T) {
	say := func(word string) netip.AddrPort {
		return app(t, func(conn *net.TCPConn) { _, _ = io.WriteString(conn, word); _ = conn.Close() })
	}
	f, _ := forwardTo(t, say("one"), 10)
	f.SetTarget(say("two"))
	if got, _ := io.ReadAll(dial(t, f)); string(got) != "two" {
		t.Errorf("%q", got)
	}
}

func TestOpenConnectionsOutliveTheListener(t *testing.T) {
	f, meter := forwardTo(t, app(t, echo), 10)
	conn := dial(t, f)
	nstest.Eventually(t, "joined", func() bool { return meter.Opened() == 1 })
	_ = f.Close()
	_, _ = io.WriteString(conn, "still here")
	_ = conn.CloseWrite()
	if got, err := io.ReadAll(conn); err != nil || string(got) != "still here" {
		t.Errorf("%q %v", got, err)
	}
	f.Wait()
}

// TestManyConnections: far more than the limit, all are served, and nothing is left.
func TestManyConnections(t *testing.T) {
	const clients, limit = 1000, 100
	f, meter := forwardTo(t, app(t, echo), limit)
	before := runtime.NumGoroutine()
	var wg sync.WaitGroup
	failed := make(chan error, clients)
	for i := range clients {
		wg.Go(func() {
			if err := exchange(f, fmt.Sprint("client ", i)); err != nil {
				failed <- err
			}
		})
	}
	wg.Wait()
	close(failed)
	if err := <-failed; err != nil {
		t.Fatalf("%d failed, the first: %v", len(failed)+1, err)
	}
	if meter.Accepted() != clients {
		t.Errorf("accepted %d", meter.Accepted())
	}
	nstest.Eventually(t, "none left", func() bool {
		return meter.Open() == 0 && runtime.NumGoroutine() <= before+2 && len(f.slots) <= 1
	})
}

func exchange(f *Forwarder, text string) error {
	conn, err := net.DialTCP("tcp", nil, net.TCPAddrFromAddrPort(f.Addr()))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(nstest.Patience))
	if _, err := io.WriteString(conn, text); err != nil {
		return err
	}
	_ = conn.CloseWrite()
	got, err := io.ReadAll(conn)
	if err == nil && string(got) != text {
		err = fmt.Errorf("got %q", got)
	}
	return err
}

func TestLimitHolds(t *testing.T) {
	f, meter := forwardTo(t, app(t, echo), 2)
	for range 5 {
		dial(t, f)
	}
	nstest.Eventually(t, "two joined", func() bool { return meter.Open() == 2 })
	time.Sleep(50 * time.Millisecond) // time for a third, were it let in
	if meter.Open() != 2 {
		t.Errorf("%d open", meter.Open())
	}
}

func TestOwnConnectionsAreNotFromOutside(t *testing.T) {
	var meter Meter
	f, err := Listen(netip.MustParseAddrPort("[::1]:0"), app(t, echo), 1, &meter)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	conn := dial(t, f)
	_ = conn.CloseWrite()
	_, _ = io.ReadAll(conn)
	if meter.Accepted() != 0 || f.Inode() == 0 {
		t.Errorf("accepted %d, inode %d", meter.Accepted(), f.Inode())
	}
}

func TestTakenAddress(t *testing.T) {
	f, meter := forwardTo(t, app(t, echo), 1)
	if _, err := Listen(f.Addr(), f.Addr(), 1, meter); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("%v", err)
	}
}
