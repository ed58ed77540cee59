package logs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"previewd/runtime/preview"
	"previewd/runtime/redact"
)

// Journal is the log of one preview while lines are added to it. It is safe for use by several goroutines.
type Journal struct {
	logs    *Logs
	id      string
	secrets *redact.Redactor

	mu      sync.Mutex
	seq     int64 // of the last line
	stored  int64 // up to here the store has it, or never will
	closed  bool
	lost    int // system lines that found no place in the queue
	ring    ring
	flood   flood
	telling *time.Timer // tells of dropped lines when the app falls silent
	origins map[string]origin
	readers map[*Subscription]struct{}
}

func newJournal(l *Logs, previewID string, secrets *redact.Redactor, pos preview.LogPosition, recent []preview.LogLine, whole bool) *Journal {
	return &Journal{
		logs: l, id: previewID, secrets: secrets, seq: pos.Seq, stored: pos.Seq,
		ring: newRing(l.opt.RingLines, l.opt.RingBytes, pos.Seq), flood: newFlood(l.opt),
		origins: storedOrigins(pos, recent, whole), readers: map[*Subscription]struct{}{},
	}
}

// System adds a line of previewd itself. It never waits.
func (j *Journal) System(level preview.Level, format string, args ...any) {
	text := clean(j.secrets.Text(fmt.Appendf(nil, format, args...)), j.logs.opt.LineBytes, false)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.system(level, text)
}

func (j *Journal) system(level preview.Level, text string) {
	j.push(preview.LogLine{Timestamp: j.logs.opt.Now().UTC(), Level: level, Message: text, Source: preview.System}, nil, alone)
}

// Tail returns the last lines, at most n and oldest first: those in memory and, until as many have been written as that holds, stored ones before
// them. With its error come those in memory.
func (j *Journal) Tail(ctx context.Context, n int) ([]preview.LogLine, error) {
	j.mu.Lock()
	lines, first, full := j.ring.last(n), j.ring.first, j.ring.full
	j.mu.Unlock()
	missing := min(int64(n-len(lines)), first-1)
	if missing <= 0 || full {
		return lines, nil
	}
	stored, err := j.logs.opt.Store.LogLines(ctx, j.id, first-1-missing, int(missing))
	if err != nil {
		return lines, fmt.Errorf("log of preview %s: %w", j.id, err)
	}
	stored = slices.DeleteFunc(stored, func(line preview.LogLine) bool { return line.Seq >= first }) // after a hole
	return append(stored, lines...), nil
}

// push numbers a line and hands it to the store's queue and the readers; t is told its place, and is nil for a line that has none. The caller holds mu.
func (j *Journal) push(line preview.LogLine, t *tracker, at place) {
	if j.closed {
		return
	}
	if j.lost > 0 {
		lost := j.lost
		if _, full := j.logs.queue.full(); !full && j.enqueue(droppedLine(lost, "they could not be stored", j.logs.opt.Now()), nil, alone) {
			j.lost -= lost
			j.logs.count.dropped(unstored, lost)
		}
	}
	if !j.enqueue(line, t, at) {
		j.lost++
	}
}

func (j *Journal) enqueue(line preview.LogLine, t *tracker, at place) bool {
	line.PreviewID, line.Seq = j.id, j.seq+1
	line.Timestamp = line.Timestamp.Truncate(time.Microsecond) // a line is told now as it is later: the database keeps no more
	line.Group = t.groupAt(line.Seq, at)
	if !j.logs.queue.put(item{journal: j, line: line}) {
		t.dropped(at)
		return false
	}
	t.took(line.Seq, line.Group)
	j.seq++
	j.ring.add(line)
	j.wakeReaders()
	return true
}

func (j *Journal) wakeReaders() {
	for s := range j.readers {
		signal(s.wake)
	}
}

// Close ends the journal: no line is added any more, subscriptions end after the last one. It returns when all lines are stored; its error
// means they still wait to be.
func (j *Journal) Close(ctx context.Context) error {
	if err := j.untilStored(ctx, j.end()); err != nil {
		return fmt.Errorf("close log of preview %s: %w", j.id, err)
	}
	j.logs.forget(j)
	return nil
}

// Flush returns when all lines that were added before are stored.
func (j *Journal) Flush(ctx context.Context) error {
	if err := j.untilStored(ctx, j.last()); err != nil {
		return fmt.Errorf("store log of preview %s: %w", j.id, err)
	}
	return nil
}

func (j *Journal) untilStored(ctx context.Context, seq int64) error {
	for {
		room, _ := j.logs.queue.full() // before the look, so that no change is missed
		if j.hasStored(seq) {
			return nil
		}
		signal(j.logs.queue.ripe) // somebody waits for these lines
		select {
		case <-room:
		case <-ctx.Done():
			return ctx.Err()
		case <-j.logs.stopped:
			if j.hasStored(seq) {
				return nil
			}
			return errStopped
		}
	}
}

var errStopped = errors.New("nothing stores log lines any more")

// end returns the seq of the last line there will be.
func (j *Journal) end() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.tellDropped()
	j.closed = true
	j.wakeReaders()
	return j.seq
}

func (j *Journal) last() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.seq
}

func (j *Journal) isClosed() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.closed
}

func (j *Journal) hasStored(seq int64) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.stored >= seq
}

// storedThrough is the writer's note that lines up to seq are stored. Readers who wait for that are woken.
func (j *Journal) storedThrough(seq int64) {
	j.mu.Lock()
	j.stored = max(j.stored, seq)
	j.wakeReaders()
	over := j.closed && j.stored >= j.seq
	j.mu.Unlock()
	if over {
		j.logs.forget(j)
	}
}
