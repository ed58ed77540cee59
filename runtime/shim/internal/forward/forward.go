// Package forward passes TCP connections on to where the app really listens.
package forward

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	dialTimeout = 5 * time.Second
	busyPause   = 10 * time.Millisecond // after a failed accept, such as for want of file descriptors
)

// Meter connects to the app and counts connections, the shim's own apart from those of others. All forwarders of
// a container share one.
type Meter struct{ opened, accepted, open atomic.Int64 }

// Opened is how many connections the shim itself has opened.
func (m *Meter) Opened() int64 { return m.opened.Load() }

// Accepted is how many connections from outside the container forwarders have taken.
func (m *Meter) Accepted() int64 { return m.accepted.Load() }

// Open is how many of those are open.
func (m *Meter) Open() int { return int(m.open.Load()) }

// Dial connects within the timeout. It counts before the connection is made, lest the kernel's count be ahead.
func (m *Meter) Dial(addr netip.AddrPort, timeout time.Duration) (*net.TCPConn, error) {
	m.opened.Add(1)
	conn, err := net.DialTimeout("tcp", addr.String(), timeout)
	if err != nil {
		m.opened.Add(-1)
		return nil, err
	}
	return conn.(*net.TCPConn), nil //nolint:forcetypeassert // "tcp" gives nothing else
}

// Forwarder listens on one address and forwards to a target that may change while it runs.
type Forwarder struct {
	ln     *net.TCPListener
	meter  *Meter
	target atomic.Pointer[netip.AddrPort]
	slots  chan struct{}
	wg     sync.WaitGroup
}

// Listen binds addr. At most limit connections are open at a time, further ones wait in the kernel's queue.
func Listen(addr, target netip.AddrPort, limit int, meter *Meter) (*Forwarder, error) {
	network := "tcp6"
	if addr.Addr().Is4() {
		network = "tcp4" // "tcp" would bind the IPv6 wildcard too, which the app may hold
	}
	ln, err := net.ListenTCP(network, net.TCPAddrFromAddrPort(addr))
	if err != nil {
		return nil, err
	}
	f := &Forwarder{ln: ln, meter: meter, slots: make(chan struct{}, max(limit, 1))}
	f.SetTarget(target)
	f.wg.Go(f.serve)
	return f, nil
}

// SetTarget changes where new connections lead; open ones stay where they are.
func (f *Forwarder) SetTarget(target netip.AddrPort) { f.target.Store(&target) }

// Addr is where the forwarder listens.
func (f *Forwarder) Addr() netip.AddrPort {
	return f.ln.Addr().(*net.TCPAddr).AddrPort() //nolint:forcetypeassert // of a TCPListener
}

// Inode names the forwarder's listening socket in the kernel's tables; 0 when it cannot be told.
func (f *Forwarder) Inode() uint64 {
	raw, err := f.ln.SyscallConn()
	if err != nil {
		return 0
	}
	var stat syscall.Stat_t
	err = raw.Control(func(fd uintptr) { _ = syscall.Fstat(int(fd), &stat) })
	if err != nil {
		return 0
	}
	return stat.Ino
}

// Close frees the address at once. Connections that are open go on until one of their ends closes them.
func (f *Forwarder) Close() error { return f.ln.Close() }

// Wait returns when the forwarder is closed and its last connection is.
func (f *Forwarder) Wait() { f.wg.Wait() }

func (f *Forwarder) serve() {
	for {
		f.slots <- struct{}{}
		conn, err := f.ln.AcceptTCP()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			<-f.slots
			<-time.After(busyPause)
			continue
		}
		f.wg.Go(func() {
			defer func() { <-f.slots }()
			f.handle(conn)
		})
	}
}

func (f *Forwarder) handle(client *net.TCPConn) {
	if fromOutside(client) {
		f.meter.accepted.Add(1)
		f.meter.open.Add(1)
		defer f.meter.open.Add(-1)
	}
	app, err := f.meter.Dial(*f.target.Load(), dialTimeout)
	if err != nil {
		reset(client)
		return
	}
	join(client, app)
}

func fromOutside(conn *net.TCPConn) bool {
	peer, ok := conn.RemoteAddr().(*net.TCPAddr)
	return ok && !peer.IP.IsLoopback()
}
