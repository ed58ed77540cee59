package logs

import (
	"context"
	"fmt"
	"sync"
	"time"

	"previewd/runtime/preview"
)

const (
	mirrorLines  = 500 // looked up at once
	mirrorLook   = 500 * time.Millisecond
	mirrorSilent = 5 * time.Second // after which readers look whether there is more to come
)

// mirror is the log of a preview that another process writes: this one reads it from the store as it goes on, once for all who follow
// it here. To its readers it is a journal.
type mirror struct {
	*Journal
	heard chan struct{} // the log may have gone on
	over  chan struct{} // closed when the readers shall look what became of the preview
	end   func()
}

func newMirror(l *Logs, previewID string, pos preview.LogPosition) *mirror {
	over := make(chan struct{})
	return &mirror{
		Journal: newJournal(l, previewID, nil, preview.LogPosition{Seq: pos.Seq}, nil, false), heard: make(chan struct{}, 1),
		over: over, end: sync.OnceFunc(func() { close(over) }),
	}
}

// Follow is Subscribe for a preview that is active: where another process writes its log, lines come as that stores them. It ends
// now and then, so that the caller looks whether the preview still is active, and here or elsewhere.
func (l *Logs) Follow(ctx context.Context, previewID string, after int64) (*Subscription, error) {
	if j := l.journal(previewID); j != nil {
		return l.subscribe(j, previewID, after), nil
	}
	made := l.flight.DoChan("mirror "+previewID, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), openTimeout)
		defer cancel()
		return l.mirror(ctx, previewID)
	})
	select {
	case r := <-made:
		if r.Err != nil {
			return nil, fmt.Errorf("follow log of preview %s: %w", previewID, r.Err)
		}
		return l.subscribe(r.Val.(*Journal), previewID, after), nil // mirror returns nothing else
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Heard wakes those who follow the logs of previews that other processes write; without any it is about all.
func (l *Logs) Heard(previewIDs ...string) {
	for _, m := range l.mirrorsOf(previewIDs) {
		signal(m.heard)
	}
}

// Changed lets those who follow such logs look what became of the previews, after the lines there are by now.
func (l *Logs) Changed(previewIDs ...string) {
	for _, m := range l.mirrorsOf(previewIDs) {
		m.end()
	}
}

func (l *Logs) mirrorsOf(previewIDs []string) []*mirror {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []*mirror
	if len(previewIDs) == 0 {
		for _, m := range l.mirrors {
			found = append(found, m)
		}
	}
	for _, id := range previewIDs {
		if m := l.mirrors[id]; m != nil {
			found = append(found, m)
		}
	}
	return found
}

// mirror returns the log's mirror, or its journal, should it have been opened meanwhile.
func (l *Logs) mirror(ctx context.Context, previewID string) (*Journal, error) {
	if found := l.mirrorsOf([]string{previewID}); found != nil {
		return found[0].Journal, nil
	}
	pos, err := l.opt.Store.LogPosition(ctx, previewID)
	if err != nil {
		return nil, err
	}
	m := newMirror(l, previewID, pos)
	l.mu.Lock()
	defer l.mu.Unlock()
	if j := l.open[previewID]; j != nil {
		return j, nil
	}
	l.mirrors[previewID] = m
	go m.run(context.WithoutCancel(ctx))
	return m.Journal, nil
}

// run reads on until the mirror is over, nobody follows it, or nothing comes any more.
func (m *mirror) run(ctx context.Context) {
	defer m.close()
	ticker := time.NewTicker(mirrorLook)
	defer ticker.Stop()
	for last := time.Now(); ; {
		if m.lookUp(ctx) > 0 {
			last = time.Now()
		}
		select {
		case <-m.heard:
		case <-ticker.C:
			if m.isAlone() || time.Since(last) > mirrorSilent {
				return
			}
		case <-m.over:
			m.lookUp(ctx)
			return
		case <-m.logs.stopped:
			return
		}
	}
}

// lookUp adds what the store has by now, and returns how many lines that was.
func (m *mirror) lookUp(ctx context.Context) (n int) {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	for {
		lines, err := m.logs.opt.Store.LogLines(ctx, m.id, m.last(), mirrorLines)
		if err != nil {
			m.logs.opt.Log.WithField("preview_id", m.id).WithField("err", err).Debug("cannot read on; will try again")
			return n
		}
		m.show(lines)
		if n += len(lines); len(lines) < mirrorLines {
			return n
		}
	}
}

func (m *mirror) show(lines []preview.LogLine) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, line := range lines {
		m.ring.add(line)
		m.seq = line.Seq
	}
	m.stored = m.seq
	m.wakeReaders()
}

func (m *mirror) isAlone() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.readers) == 0
}

// close ends the readers' subscriptions after the last line.
func (m *mirror) close() {
	m.logs.mu.Lock()
	if m.logs.mirrors[m.id] == m {
		delete(m.logs.mirrors, m.id)
	}
	m.logs.mu.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	m.wakeReaders()
}
