package logs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
)

var errStore = errors.New("store is down")

// memStore keeps lines as storage does: what is stored already is skipped, a hole is an error of ours.
type memStore struct {
	mu      sync.Mutex
	lines   map[string][]preview.LogLine
	down    bool
	back    int    // the append with which a store that was away takes lines again
	poison  string // a preview whose lines are never taken
	appends int
}

func newMemStore() *memStore { return &memStore{lines: map[string][]preview.LogLine{}} }

func (s *memStore) AppendLogs(ctx context.Context, lines []preview.LogLine) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.appends++
	if s.down || s.appends < s.back || ctx.Err() != nil {
		return errStore
	}
	for _, l := range lines {
		if l.PreviewID == s.poison {
			return errStore
		}
	}
	for _, l := range lines {
		switch last := int64(len(s.lines[l.PreviewID])); {
		case l.Seq == last+1:
			s.lines[l.PreviewID] = append(s.lines[l.PreviewID], l)
		case l.Seq > last+1:
			return fmt.Errorf("line %d follows %d", l.Seq, last)
		}
	}
	return nil
}

func (s *memStore) LogLines(_ context.Context, id string, after int64, limit int) ([]preview.LogLine, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return nil, errStore
	}
	var out []preview.LogLine
	for _, l := range s.lines[id] {
		if l.Seq > after && len(out) < limit {
			out = append(out, l)
		}
	}
	return out, nil
}

func (s *memStore) LogPosition(_ context.Context, id string) (preview.LogPosition, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return preview.LogPosition{}, errStore
	}
	var pos preview.LogPosition
	for _, l := range s.lines[id] {
		pos.Seq = l.Seq
		if l.Origin == 0 {
			continue
		}
		if l.Origin != pos.Origin || l.OriginInstance != pos.Instance {
			pos.Origin, pos.Instance, pos.SameOrigin = l.Origin, l.OriginInstance, 0
		}
		pos.SameOrigin++
	}
	return pos, nil
}

func (s *memStore) set(f func(*memStore)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(s)
}

// messages of the stored log, and a failure when seqs do not count from 1.
func (s *memStore) messages(t *testing.T, id string) []string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for i, l := range s.lines[id] {
		if l.Seq != int64(i+1) {
			t.Fatalf("line %d has seq %d", i+1, l.Seq)
		}
		out = append(out, l.Message)
	}
	return out
}

// start returns Logs whose Run runs until stop, which returns Run's error.
func start(t *testing.T, o Options) (l *Logs, stop func() error) {
	t.Helper()
	quiet := logrus.New()
	quiet.Out = io.Discard
	o.Log = logrus.NewEntry(quiet)
	l = New(o)
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	go func() { result <- l.Run(ctx) }()
	return l, func() error {
		cancel()
		return <-result
	}
}

func open(t *testing.T, l *Logs, id string) *Journal {
	t.Helper()
	j, err := l.Open(t.Context(), id, nil)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func closeJournal(t *testing.T, j *Journal) {
	t.Helper()
	if err := j.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// entries is a reader of prepared output. It may follow: then it blocks at its end until closed.
type entries struct {
	list   []preview.LogEntry
	follow bool
	closed chan struct{}
	once   sync.Once
	end    error
}

func output(list ...preview.LogEntry) *entries {
	return &entries{list: list, closed: make(chan struct{}), end: io.EOF}
}

func (e *entries) Next() (preview.LogEntry, error) {
	if len(e.list) > 0 {
		next := e.list[0]
		e.list = e.list[1:]
		return next, nil
	}
	if e.follow {
		<-e.closed
		return preview.LogEntry{}, io.ErrClosedPipe
	}
	return preview.LogEntry{}, e.end
}

func (e *entries) Close() error {
	e.once.Do(func() { close(e.closed) })
	return nil
}

// since cuts an output as an engine does.
func since(at time.Time, list []preview.LogEntry) []preview.LogEntry {
	return slices.DeleteFunc(slices.Clone(list), func(e preview.LogEntry) bool { return e.Timestamp.Before(at) })
}

var epoch = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

func out(ns int64, text string) preview.LogEntry {
	return preview.LogEntry{Stream: preview.Stdout, Timestamp: epoch.Add(time.Duration(ns)), Text: []byte(text)}
}

func errOut(ns int64, text string) preview.LogEntry {
	e := out(ns, text)
	e.Stream = preview.Stderr
	return e
}

func partOf(e preview.LogEntry) preview.LogEntry {
	e.Partial = true
	return e
}

// collect reads a subscription to its end.
func collect(t *testing.T, s *Subscription) []preview.LogLine {
	t.Helper()
	var lines []preview.LogLine
	for {
		line, err := s.Next(t.Context())
		if errors.Is(err, io.EOF) {
			return lines
		}
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
}

func subscribe(t *testing.T, l *Logs, id string, after int64) *Subscription {
	t.Helper()
	s, err := l.Subscribe(t.Context(), id, after)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func tailOf(t *testing.T, j *Journal, n int) []preview.LogLine {
	t.Helper()
	lines, err := j.Tail(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}
