package logs

import (
	"context"
	"fmt"
	"time"

	"previewd/runtime/preview"
)

const (
	firstBackoff = 100 * time.Millisecond
	lastBackoff  = 5 * time.Second
	finalFlush   = 5 * time.Second // for what is left when Run ends
	splitAfter   = 3               // failures of a whole batch before previews are stored one by one
	giveUpAfter  = 3               // refusals of one preview's lines beside others that were stored: one may be a store's that comes back
)

// Run stores lines until ctx is done, and then what is left, for at most 5 seconds. Its error says how many lines were not stored.
func (l *Logs) Run(ctx context.Context) error {
	defer close(l.stopped)
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-l.queue.wake:
			l.gather(ctx)
			l.flush(ctx, l.opt.BatchLines)
		}
	}
	final, cancel := context.WithTimeout(context.WithoutCancel(ctx), finalFlush)
	defer cancel()
	if left := l.flush(final, 1); left > 0 {
		return fmt.Errorf("%d log lines could not be stored", left)
	}
	return nil
}

// gather lets a batch come together: for a moment after silence, because somebody may wait for the line on another replica, and for longer
// where lines come all the time.
func (l *Logs) gather(ctx context.Context) {
	timer := time.NewTimer(max(l.opt.FlushEvery/5, l.opt.FlushEvery-time.Since(l.wrote)))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-l.queue.ripe:
	case <-ctx.Done():
	}
}

// flush stores one batch, and more while at least enough lines are left. It returns how many are left.
func (l *Logs) flush(ctx context.Context, enough int) int {
	for {
		batch := l.queue.first()
		if len(batch) == 0 {
			return 0
		}
		if !l.storeRetrying(ctx, batch) {
			return l.queue.remove(0)
		}
		l.count.stored.Add(int64(len(batch)))
		l.wrote = time.Now()
		for j, seq := range endsOf(batch) {
			j.storedThrough(seq) // before remove, which wakes Close
			l.opt.Stored(j.id)
		}
		left := l.queue.remove(len(batch))
		if left < enough {
			if left > 0 {
				signal(l.queue.wake)
			}
			return left
		}
	}
}

// storeRetrying stores a batch however long the store fails. It returns false when ctx ended first.
func (l *Logs) storeRetrying(ctx context.Context, batch []item) bool {
	backoff, refused := firstBackoff, map[string]int{}
	for failures := 0; ; failures++ {
		err := l.store(ctx, batch, failures >= splitAfter, refused)
		if err == nil {
			if failures > 0 {
				l.opt.Log.WithField("failures", failures).Info("log lines are stored again")
			}
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		if l.count.failures.Add(1); failures == 0 {
			l.opt.Log.WithField("err", err).Error("log lines cannot be stored; retrying")
		}
		timer := time.NewTimer(backoff)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return false
		}
		backoff = min(2*backoff, lastBackoff)
	}
}

func (l *Logs) store(ctx context.Context, batch []item, split bool, refused map[string]int) error {
	lines := make([]preview.LogLine, len(batch))
	for i, it := range batch {
		lines[i] = it.line
	}
	err := l.opt.Store.AppendLogs(ctx, lines)
	if err == nil || !split {
		return err
	}
	return l.storeEach(ctx, lines, refused)
}

// storeEach keeps lines that the store will never take from holding up everybody's: where one preview's can be stored and another's
// cannot, time and again, the latter are given up. refused counts how often, by preview.
func (l *Logs) storeEach(ctx context.Context, lines []preview.LogLine, refused map[string]int) error {
	of := map[string][]preview.LogLine{}
	for _, line := range lines {
		of[line.PreviewID] = append(of[line.PreviewID], line)
	}
	failed := map[string]error{}
	var last error
	for id, own := range of {
		if err := l.opt.Store.AppendLogs(ctx, own); err != nil {
			failed[id], last = err, err
		}
	}
	if ctx.Err() != nil || len(failed) == len(of) {
		return last
	}
	again := false
	for id := range failed {
		refused[id]++
		again = again || refused[id] < giveUpAfter
	}
	if again {
		return last
	}
	for id, err := range failed {
		l.opt.Log.WithField("preview_id", id).WithField("err", err).Errorf("%d log lines are lost", len(of[id]))
	}
	return nil
}

func endsOf(batch []item) map[*Journal]int64 {
	ends := map[*Journal]int64{}
	for _, i := range batch {
		ends[i.journal] = i.line.Seq
	}
	return ends
}
