package watch

import (
	"slices"
	"time"

	"previewd/runtime/shim/internal/listen"
	"previewd/runtime/shim/internal/wire"
)

// An app that opens and closes sockets all the time must not fill the log: after firstReports at any speed, reports
// come reportPause apart.
const (
	firstReports = 8
	reportPause  = time.Second
)

// announcement is what was said last about listening.
type announcement struct {
	address   string
	forwarded bool
	sockets   []listen.Socket
	at        time.Time
	count     int
}

// lead notes where the published port leads now and reports what changed.
func (w *Watcher) lead(now time.Time, to listen.Socket, forwarded bool) {
	w.setView(view{listening: true, forwarded: forwarded, socket: to})
	same := w.said.forwarded == forwarded && w.said.address == to.Addr.String() && listen.Same(w.said.sockets, w.sockets)
	if same || w.said.count >= firstReports && now.Sub(w.said.at) < reportPause {
		return
	}
	w.said = announcement{
		address: to.Addr.String(), forwarded: forwarded, sockets: slices.Clone(w.sockets), at: now, count: w.said.count + 1,
	}
	addresses := make([]string, len(w.sockets))
	for i, s := range w.sockets {
		addresses[i] = s.Addr.String()
	}
	w.opts.Report(wire.Report{
		Kind: wire.ReportListening, Address: to.Addr.String(), Addresses: addresses, Forwarded: forwarded,
	})
}
