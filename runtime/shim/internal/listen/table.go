package listen

import (
	"fmt"
	"net/netip"
)

// Table reads the kernel's table of TCP sockets. Reading /proc/net/tcp walks the host's whole table of connections
// (measured: 3.5 ms on a host of 24 GB, twice with IPv6, while asking for listening sockets by netlink takes 20 µs),
// so the proc file system is only for kernels without sock_diag, such as gVisor's. Not safe for concurrent use.
type Table struct {
	diag  *diag
	proc  proc
	modes map[Socket]Mode // found out by tryMode
}

// Open returns the table of the calling process's network namespace.
func Open() *Table {
	d, err := openDiag()
	if err != nil {
		return &Table{}
	}
	return &Table{diag: d}
}

// Close frees the table.
func (t *Table) Close() error {
	if t.diag == nil {
		return nil
	}
	return t.diag.close()
}

// Cheap says that the table may be read many times in a second.
func (t *Table) Cheap() bool { return t.diag != nil }

// Listening appends the sockets that listen to dst, sorted, without the engine's name server.
func (t *Table) Listening(dst []Socket) ([]Socket, error) {
	add := func(e entry) {
		if s := (Socket{Addr: e.local, Inode: e.inode, Mode: e.mode}); keep(s) {
			dst = append(dst, t.withMode(s))
		}
	}
	if err := t.each(stateListen, 0, add); err != nil {
		return dst, fmt.Errorf("list the listening sockets: %w", err)
	}
	sortSockets(dst)
	return dst, nil
}

// withMode adds what the proc file system does not tell of an IPv6 wildcard. It is found out once for each socket:
// later the shim itself may hold the IPv4 address.
func (t *Table) withMode(s Socket) Socket {
	if s.Mode != ModeUnknown || s.Addr.Addr() != netip.IPv6Unspecified() {
		return s
	}
	mode, known := t.modes[s]
	if !known {
		mode = tryMode(s.Addr.Port())
		if t.modes == nil || len(t.modes) >= maxModes {
			t.modes = map[Socket]Mode{}
		}
		t.modes[s] = mode
	}
	s.Mode = mode
	return s
}

// maxModes bounds what is remembered of an app that opens sockets without end.
const maxModes = 1024

// Outside counts the established connections of a port that come from outside the container.
func (t *Table) Outside(port int) (int, error) {
	n := 0
	add := func(e entry) {
		if int(e.local.Port()) == port && !e.remote.Addr().IsLoopback() && e.remote.Addr() != e.local.Addr() {
			n++
		}
	}
	if err := t.each(stateEstablished, uint16(port), add); err != nil { //nolint:gosec // a port
		return 0, fmt.Errorf("count the connections: %w", err)
	}
	return n, nil
}

// each calls add for every socket in a state; port 0 is any.
func (t *Table) each(state uint8, port uint16, add func(entry)) error {
	if t.diag == nil {
		return t.proc.each(state, add)
	}
	err := t.diag.each(state, port, add)
	if err != nil { // an answer half read would be in the way of the next request
		_ = t.diag.close()
		t.diag, _ = openDiag()
	}
	return err
}
