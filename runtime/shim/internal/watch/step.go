package watch

import (
	"net/netip"
	"slices"
	"time"

	"previewd/runtime/shim/internal/forward"
	"previewd/runtime/shim/internal/listen"
)

// maxSettle ends the wait for an app that never comes to rest.
const maxSettle = 2 * time.Second

// step looks at the sockets once and acts.
func (w *Watcher) step(now time.Time) {
	if !w.scan(now) {
		return
	}
	if s, ok := w.reachable(); ok {
		w.release()
		w.lead(now, s, false)
		return
	}
	if w.lost() {
		// The published port is given back at once: the app may come back and bind it itself.
		w.release()
		w.setView(view{})
	}
	best, ok := w.best()
	switch {
	case !ok:
	case w.fwd != nil && w.undecided():
	case w.fwd != nil:
		w.fwd.SetTarget(best.DialAddr())
		w.lead(now, best, true)
	case w.settled(now, best) && w.take(best):
		w.lead(now, best, true)
	}
}

// lost says that what the published port led to no longer listens. A socket of the same address is as good: workers
// come and go, and a server may restart between two looks.
func (w *Watcher) lost() bool {
	v := w.current()
	return v.listening && !slices.ContainsFunc(w.sockets, func(s listen.Socket) bool { return s.Addr == v.socket.Addr })
}

// scan reads the app's sockets; the forwarder's own is not one of them.
func (w *Watcher) scan(now time.Time) bool {
	sockets, err := w.table.Listening(w.spare[:0])
	if err != nil {
		return false
	}
	if w.fwd != nil {
		inode, addr := w.fwd.Inode(), w.fwd.Addr()
		sockets = slices.DeleteFunc(sockets, func(s listen.Socket) bool {
			return s.Inode == inode && (inode != 0 || s.Addr == addr)
		})
	}
	w.spare = w.sockets
	if !listen.Same(sockets, w.sockets) {
		w.changed = now
		w.forget(sockets)
	}
	w.sockets = sockets
	return true
}

// forget drops what was known of sockets that are gone.
func (w *Watcher) forget(sockets []listen.Socket) {
	for s := range w.verdicts {
		if !slices.Contains(sockets, s) {
			delete(w.verdicts, s)
		}
	}
}

// reachable finds a socket that connections to the published port arrive at without the shim.
func (w *Watcher) reachable() (listen.Socket, bool) {
	for _, s := range w.sockets {
		if s.Port() == w.rank.port && !s.Loopback() && takesV4(s) {
			return s, true
		}
	}
	return listen.Socket{}, false
}

func takesV4(s listen.Socket) bool {
	if s.Addr.Addr() != netip.IPv6Unspecified() {
		return s.Addr.Addr().Is4()
	}
	return s.Mode != listen.OnlyV6
}

func (w *Watcher) best() (listen.Socket, bool) {
	if len(w.sockets) == 0 {
		return listen.Socket{}, false
	}
	return slices.MinFunc(w.sockets, func(a, b listen.Socket) int {
		return w.rank.compare(a, b, w.verdicts[a], w.verdicts[b])
	}), true
}

// settled says whether the published port may be taken for the socket now.
func (w *Watcher) settled(now time.Time, best listen.Socket) bool {
	still, rest := settle(w.rank.class(best, w.verdicts[best]), best.Port())
	age := now.Sub(w.changed)
	resting := !rest || w.rest.rests(now) || age > maxSettle
	return age >= still && resting && !w.undecided()
}

// take binds the published port and forwards it to the socket.
func (w *Watcher) take(to listen.Socket) bool {
	port := uint16(w.rank.port) //nolint:gosec // a port
	addr := netip.IPv4Unspecified()
	if slices.ContainsFunc(w.sockets, func(s listen.Socket) bool { return s.Addr.Port() == port && s.Addr.Addr().Is4() }) {
		addr = listen.OwnAddr() // the app holds the port on loopback
	}
	fwd, err := forward.Listen(netip.AddrPortFrom(addr, port), to.DialAddr(), w.opts.MaxConns, &w.meter)
	if err != nil {
		return false // the app was faster: the next look sees its socket
	}
	w.fwd = fwd
	return true
}

// release gives the published port back.
func (w *Watcher) release() {
	if w.fwd != nil {
		_ = w.fwd.Close()
		w.fwd = nil
	}
}
