package watch

import (
	"context"
	"fmt"
	"net"
	"slices"
	"testing"
	"time"

	"previewd/runtime/shim/internal/listen"
	"previewd/runtime/shim/internal/nstest"
	"previewd/runtime/shim/internal/wire"
)

// TestAnyAddress: wherever an app listens, the published port leads there.
func TestAnyAddress(t *testing.T) {
	for _, tc := range []struct {
		network, addr string
		forwarded     bool
	}{
		{"tcp4", "0.0.0.0:4001", false},
		{"tcp", "[::]:4001", false},
		{"tcp4", nstest.Addr + ":4001", false},
		{"tcp4", "127.0.0.1:4001", true},
		{"tcp6", "[::1]:4001", true},
		{"tcp6", "[::]:4001", true},
		{"tcp4", "0.0.0.0:3000", true},
		{"tcp4", "127.0.0.1:3000", true},
		{"tcp", "[::]:3000", true},
		{"tcp6", "[::]:3000", true},
		{"tcp6", "[::1]:5173", true},
		{"tcp4", nstest.Addr + ":3000", true},
		{"tcp4", "127.0.0.1:41234", true},
	} {
		t.Run(tc.network+" "+tc.addr, func(t *testing.T) {
			r := start(t, wire.Config{})
			s := serve(t, tc.network, tc.addr)
			r.leads(tc.addr, tc.forwarded)
			r.answers(tc.addr)
			if n := s.ownRequests(); n != 0 {
				t.Errorf("the shim sent %d requests of its own", n)
			}
		})
	}
}

// TestAnyAddressWithoutSockDiag has only what the proc file system tells, as under gVisor.
func TestAnyAddressWithoutSockDiag(t *testing.T) {
	for _, tc := range []struct {
		network, addr string
		forwarded     bool
	}{
		{"tcp", "[::]:4001", false}, {"tcp6", "[::]:4001", true}, {"tcp4", "127.0.0.1:4001", true}, {"tcp4", "0.0.0.0:3000", true},
	} {
		t.Run(tc.network+" "+tc.addr, func(t *testing.T) {
			r := &rig{t: t, w: New(Options{Config: wire.Config{Port: port}, MaxConns: 8, Report: func(wire.Report) {}})}
			r.w.table, r.w.changed = &listen.Table{}, time.Now()
			t.Cleanup(r.w.release)
			serve(t, tc.network, tc.addr)
			nstest.Eventually(t, "led", func() bool {
				r.w.step(time.Now())
				v := r.w.current()
				return v.listening && v.forwarded == tc.forwarded && v.socket.Addr.String() == tc.addr
			})
			r.answers(tc.addr)
			if got := r.w.pause(); got != maxPause {
				t.Errorf("looks every %v", got)
			}
		})
	}
}

func TestOpensLate(t *testing.T) {
	r := start(t, wire.Config{})
	time.Sleep(300 * time.Millisecond) // the app is busy; there is no condition to wait for
	if n := len(r.reports(wire.ReportListening)); n != 0 {
		t.Fatalf("%d reports", n)
	}
	serve(t, "tcp4", "127.0.0.1:8000")
	r.answers("127.0.0.1:8000")
}

func TestPrefersThePageAmongSeveral(t *testing.T) {
	raw(t, "127.0.0.1:2000")
	serveAs(t, "tcp4", "127.0.0.1:3000", "application/json")
	serve(t, "tcp4", "127.0.0.1:7777")
	r := start(t, wire.Config{})
	r.leads("127.0.0.1:7777", true)
	rep := r.reports(wire.ReportListening)[0]
	if want := []string{"127.0.0.1:2000", "127.0.0.1:3000", "127.0.0.1:7777"}; !slices.Equal(rep.Addresses, want) {
		t.Errorf("addresses %v", rep.Addresses)
	}
}

func TestPrefersTheProjectsPort(t *testing.T) {
	other := serve(t, "tcp4", "127.0.0.1:3000")
	serveAs(t, "tcp4", "127.0.0.1:7777", "text/plain")
	r := start(t, wire.Config{AppPort: 7777})
	r.leads("127.0.0.1:7777", true)
	if other.ownRequests() != 0 {
		t.Error("there was nothing to find out, and yet it was asked")
	}
}

func TestFollowsTheBetterSocketThatComesLater(t *testing.T) {
	r := start(t, wire.Config{AppPort: 9999})
	serve(t, "tcp4", "127.0.0.1:3000")
	r.leads("127.0.0.1:3000", true)
	serve(t, "tcp4", "127.0.0.1:9999")
	r.leads("127.0.0.1:9999", true)
	r.answers("127.0.0.1:9999")
}

// TestDebuggerFirst: the published port stays free for the app while only a debugger listens.
func TestDebuggerFirst(t *testing.T) {
	raw(t, "127.0.0.1:9229")
	r := start(t, wire.Config{})
	time.Sleep(600 * time.Millisecond)
	serve(t, "tcp4", "0.0.0.0:4001") // fails when the shim holds the port
	r.leads("0.0.0.0:4001", false)
	r.answers("0.0.0.0:4001")
}

func TestForwardsToAToolWhenThereIsNothingElse(t *testing.T) {
	serve(t, "tcp4", "127.0.0.1:5678")
	r := start(t, wire.Config{})
	r.answers("127.0.0.1:5678")
}

// TestRestart: a restarted app may take another port, the published one too.
func TestRestart(t *testing.T) {
	r := start(t, wire.Config{})
	first := serve(t, "tcp4", "127.0.0.1:3000")
	r.answers("127.0.0.1:3000")
	_ = first.Close()
	second := serve(t, "tcp4", "127.0.0.1:8080")
	r.answers("127.0.0.1:8080")
	_ = second.Close()
	nstest.Eventually(t, "the published port is free", func() bool {
		ln, err := net.Listen("tcp4", fmt.Sprintf("0.0.0.0:%d", port))
		if err == nil {
			_ = ln.Close()
		}
		return err == nil
	})
	serve(t, "tcp4", "0.0.0.0:4001")
	r.leads("0.0.0.0:4001", false)
	r.answers("0.0.0.0:4001")
}

func TestSameAddressAgainIsNoChange(t *testing.T) {
	r := start(t, wire.Config{})
	first := serve(t, "tcp4", "0.0.0.0:4001")
	r.leads("0.0.0.0:4001", false)
	_ = first.Close()
	serve(t, "tcp4", "0.0.0.0:4001")
	r.answers("0.0.0.0:4001")
}

func TestReportsAreFewWhenSocketsFlap(t *testing.T) {
	r := start(t, wire.Config{})
	serve(t, "tcp4", "0.0.0.0:4001")
	r.leads("0.0.0.0:4001", false)
	now := time.Now()
	w := New(r.w.opts)
	for i := range 100 {
		s := listen.Socket{Inode: uint64(i + 1)}
		w.sockets = []listen.Socket{s}
		w.lead(now, s, false)
	}
	if n := len(r.reports(wire.ReportListening)); n > firstReports+1 {
		t.Errorf("%d reports", n)
	}
}

func TestHealthWithoutAPath(t *testing.T) {
	r := start(t, wire.Config{HealthIntervalSeconds: 1, HealthRetries: 2})
	s := serve(t, "tcp4", "127.0.0.1:3000")
	r.last(wire.ReportHealth, "healthy", func(rep wire.Report) bool { return rep.Healthy })
	_ = s.Close()
	r.last(wire.ReportHealth, "unhealthy", func(rep wire.Report) bool { return !rep.Healthy })
	serve(t, "tcp4", "127.0.0.1:3000")
	r.last(wire.ReportHealth, "healthy again", func(rep wire.Report) bool { return rep.Healthy })
	if n := len(r.reports(wire.ReportHealth)); n != 3 {
		t.Errorf("%d reports, want changes only", n)
	}
	if s.ownRequests() != 0 {
		t.Error("the app was asked")
	}
}

func TestHealthPath(t *testing.T) {
	s := serve(t, "tcp4", "0.0.0.0:4001")
	s.setStatus(404)
	r := start(t, wire.Config{HealthIntervalSeconds: 1, HealthRetries: 1, HealthPath: "/healthz"})
	r.last(wire.ReportHealth, "404 is an answer", func(rep wire.Report) bool { return rep.Healthy })
	s.setStatus(503)
	r.last(wire.ReportHealth, "503 is not", func(rep wire.Report) bool { return !rep.Healthy })
}

func TestActivity(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:4001", "127.0.0.1:3000"} {
		t.Run(addr, func(t *testing.T) {
			r := start(t, wire.Config{ActivitySeconds: 1, HealthIntervalSeconds: 1, HealthPath: "/"})
			s := serve(t, "tcp4", addr)
			r.answers(addr)
			r.last(wire.ReportActivity, "a visit", func(wire.Report) bool { return true })
			// Now the shim's own health checks alone: they are no activity.
			nstest.Eventually(t, "quiet", func() bool {
				n, asked := len(r.reports(wire.ReportActivity)), s.ownRequests()
				time.Sleep(2500 * time.Millisecond)
				return len(r.reports(wire.ReportActivity)) == n && s.ownRequests() > asked
			})
			conn := dialOutside(t)
			r.last(wire.ReportActivity, "an open connection", func(rep wire.Report) bool { return rep.Open == 1 })
			_ = conn.Close()
		})
	}
}

// dialOutside connects as another host would: from an address that is not the app's.
func dialOutside(t *testing.T) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(10, 99, 0, 3)}, Control: freeBind}
	conn, err := d.DialContext(context.Background(), "tcp", fmt.Sprintf("%s:%d", nstest.Addr, port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}
