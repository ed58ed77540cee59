package logs

import (
	"context"
	"fmt"
	"io"
	"sync"

	"previewd/runtime/preview"
)

// What a subscription takes at once.
const (
	pageLines = 100
	pageBytes = 256 << 10
)

// Subscription follows one preview's log. It is a place in the log and nothing more: lines wait in the ring or in the store, never in a queue of its
// own, and so a slow reader slows nobody. One goroutine may use it at a time.
type Subscription struct {
	logs    *Logs
	journal *Journal // nil when the preview has none open
	id      string
	after   int64 // seq of the last line taken
	live    bool  // it has been at the end of the log
	page    []preview.LogLine
	wake    chan struct{}
	closing sync.Once
}

// Subscribe follows the log of a preview strictly after a seq: first what is stored, then live. The log of a preview without an open
// journal ends with its last stored line. The caller closes the subscription.
func (l *Logs) Subscribe(_ context.Context, previewID string, after int64) (*Subscription, error) {
	return l.subscribe(l.journal(previewID), previewID, after), nil
}

func (l *Logs) subscribe(j *Journal, previewID string, after int64) *Subscription {
	s := &Subscription{logs: l, id: previewID, journal: j, after: max(after, 0), wake: make(chan struct{}, 1)}
	if j != nil {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.readers[s] = struct{}{}
		l.count.readers.Add(1)
	}
	return s
}

// Next waits for the next line. It returns io.EOF after the last line of an ended log, and ctx's error when that is done. A line with Seq 0 is a notice
// ("dropped N lines"): this reader was so slow that it lost lines, or they are no longer stored.
func (s *Subscription) Next(ctx context.Context) (preview.LogLine, error) {
	for len(s.page) == 0 {
		if err := s.turn(ctx); err != nil {
			return preview.LogLine{}, err
		}
	}
	line := s.page[0]
	s.page = s.page[1:]
	s.after = max(s.after, line.Seq)
	return line, nil
}

// Close lets go of the journal. It may be called more than once.
func (s *Subscription) Close() {
	s.closing.Do(func() {
		if s.journal == nil {
			return
		}
		s.journal.mu.Lock()
		defer s.journal.mu.Unlock()
		delete(s.journal.readers, s)
		s.logs.count.readers.Add(-1)
	})
}

// turn gets the next page, or waits for something to change.
func (s *Subscription) turn(ctx context.Context) error {
	if s.journal == nil {
		return s.replay(ctx, 0)
	}
	stored, behind, err := s.look()
	switch {
	case err != nil || len(s.page) > 0:
		return err
	case behind:
		return s.replay(ctx, stored)
	}
	return s.wait(ctx)
}

func (s *Subscription) wait(ctx context.Context) error {
	select {
	case <-s.wake:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// look takes a page from the ring. behind says that the store has what comes next, stored up to which seq.
func (s *Subscription) look() (stored int64, behind bool, err error) {
	j := s.journal
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case s.after >= j.seq:
		s.live = true
		if j.closed {
			return 0, false, io.EOF
		}
	case s.after+1 >= j.ring.first:
		s.live = true
		s.page = j.ring.after(s.after, pageLines, pageBytes)
	case s.live && j.seq-s.after > int64(s.logs.opt.LagLines):
		s.logs.count.dropped(slow, s.jump("this reader is too slow"))
	default:
		return j.stored, true, nil
	}
	return 0, false, nil
}

// jump goes on with the oldest line in the ring and returns how many it leaves out. The caller holds the journal's mu.
func (s *Subscription) jump(why string) int {
	missed := s.journal.ring.first - 1 - s.after
	s.after += missed
	s.page = []preview.LogLine{droppedLine(int(missed), why, s.logs.opt.Now())}
	return int(missed)
}

// replay takes a page from the store, which has lines up to stored at least. With nothing there it waits for the writer, or goes over a hole.
func (s *Subscription) replay(ctx context.Context, stored int64) error {
	lines, err := s.logs.opt.Store.LogLines(ctx, s.id, s.after, pageLines)
	if err != nil {
		return fmt.Errorf("log of preview %s: %w", s.id, err)
	}
	s.page = s.withNotices(lines)
	switch {
	case len(lines) > 0:
		return nil
	case s.journal == nil:
		return io.EOF
	case !s.hole(stored):
		return s.wait(ctx)
	}
	return nil
}

// hole says that the store should have had the lines before the ring and has not: they were given up. The reader then goes on with the ring.
func (s *Subscription) hole(stored int64) bool {
	j := s.journal
	j.mu.Lock()
	defer j.mu.Unlock()
	if stored+1 < j.ring.first || s.after+1 >= j.ring.first {
		return s.after+1 >= j.ring.first
	}
	s.jump(notKept)
	return true
}

// notKept is why the store lacks lines: retention removed them, or it never took them.
const notKept = "the stored log no longer has them"

// withNotices puts a notice where stored lines do not follow one another, or the line that was taken last.
func (s *Subscription) withNotices(lines []preview.LogLine) []preview.LogLine {
	if n := len(lines); n == 0 || lines[n-1].Seq == s.after+int64(n) {
		return lines
	}
	page, last := make([]preview.LogLine, 0, len(lines)+1), s.after
	for _, line := range lines {
		if missing := line.Seq - last - 1; missing > 0 {
			page = append(page, droppedLine(int(missing), notKept, s.logs.opt.Now()))
		}
		page, last = append(page, line), line.Seq
	}
	return page
}
