package logs

import (
	"sync/atomic"

	"previewd/runtime/preview"
)

// Stats are counts since the start and what there is now.
type Stats struct {
	Lines, Bytes  int64 // of apps, that arrived
	ErrLines      int64 // those of Lines that were written to stderr
	Stored        int64 // lines
	StoreFailures int64 // batches that could not be stored at once

	// Lines that were dropped, and told of.
	DroppedFlooded  int64 // the app wrote too fast
	DroppedOutrun   int64 // the engine's log files were full before they were read; unknown numbers count as one
	DroppedUnstored int64 // previewd's own, while the store was away for long
	DroppedSlow     int64 // for one reader each, who was too slow

	Journals, Readers      int // open
	QueueLines, QueueBytes int // wait to be stored
}

// cause of a loss.
type cause int

const (
	flooded cause = iota
	outrun
	unstored
	slow
	causes
)

// counters are counted by many goroutines.
type counters struct {
	lines, errLines, bytes, stored, failures, readers atomic.Int64
	lost                                              [causes]atomic.Int64
}

func (c *counters) took(line preview.LogLine) {
	c.lines.Add(1)
	if line.Stream == preview.Stderr {
		c.errLines.Add(1)
	}
	c.bytes.Add(int64(len(line.Message)))
}

func (c *counters) dropped(why cause, n int) { c.lost[why].Add(int64(n)) }

// Stats takes a snapshot.
func (l *Logs) Stats() Stats {
	s := Stats{
		Lines: l.count.lines.Load(), ErrLines: l.count.errLines.Load(), Bytes: l.count.bytes.Load(), Stored: l.count.stored.Load(), StoreFailures: l.count.failures.Load(),
		DroppedFlooded: l.count.lost[flooded].Load(), DroppedOutrun: l.count.lost[outrun].Load(),
		DroppedUnstored: l.count.lost[unstored].Load(), DroppedSlow: l.count.lost[slow].Load(),
		Readers: int(l.count.readers.Load()),
	}
	l.mu.Lock()
	s.Journals = len(l.open)
	l.mu.Unlock()
	s.QueueLines, s.QueueBytes = l.queue.size()
	return s
}
