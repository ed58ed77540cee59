package watch

import (
	"context"
	"time"

	"previewd/runtime/shim/internal/listen"
	"previewd/runtime/shim/internal/wire"
)

const defaultActivity = 10

// watchActivity reports that somebody uses the app from outside.
func (w *Watcher) watchActivity(ctx context.Context) {
	tick := time.NewTicker(seconds(w.opts.Config.ActivitySeconds, defaultActivity))
	defer tick.Stop()
	table := listen.Open()
	defer func() { _ = table.Close() }()
	var seen activity
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if open, active := w.activity(&seen, table); active {
			w.opts.Report(wire.Report{Kind: wire.ReportActivity, Open: open})
		}
	}
}

// activity is how many connections had come at the last look.
type activity struct{ direct, forwarded int64 }

// activity counts forwarded connections exactly. An app that is reached directly is judged by the kernel's count of
// accepted connections less the shim's own: connections of the app to itself count too, which errs on the side of
// keeping a preview.
func (w *Watcher) activity(seen *activity, table *listen.Table) (open int, active bool) {
	last := *seen
	if opens, err := listen.PassiveOpens(); err == nil {
		seen.direct = max(opens-w.meter.Opened()-w.meter.Accepted(), last.direct)
	}
	seen.forwarded = w.meter.Accepted()
	open = w.meter.Open()
	active = seen.forwarded > last.forwarded
	if v := w.current(); v.listening && !v.forwarded {
		n, err := table.Outside(w.rank.port)
		if err == nil {
			open += n
		}
		active = active || seen.direct > last.direct
	}
	return open, active || open > 0
}
