package images

import (
	"sync"

	"previewd/runtime/preview"
)

// linesKept is how much of an install's output is searched for what went wrong.
const linesKept = 200

// recorder passes an instance's output on and remembers its last lines.
type recorder struct {
	preview.LogReader

	mu    sync.Mutex
	lines []string
	open  map[preview.Stream]string // the beginning of a long line
}

// Next is the wrapped reader's.
func (r *recorder) Next() (preview.LogEntry, error) {
	e, err := r.LogReader.Next()
	if err == nil {
		r.record(e)
	}
	return e, err
}

// restart records what another reader reads, from its start.
func (r *recorder) restart(from preview.LogReader) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.LogReader, r.lines, r.open = from, nil, nil
}

func (r *recorder) record(e preview.LogEntry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open == nil {
		r.open = map[preview.Stream]string{}
	}
	text := r.open[e.Stream]
	if room := lineBytes - len(text); room > 0 {
		text += string(e.Text[:min(room, len(e.Text))])
	}
	r.open[e.Stream] = text
	if e.Partial {
		return
	}
	delete(r.open, e.Stream)
	r.lines = append(r.lines, text)
	if extra := len(r.lines) - linesKept; extra > 0 {
		r.lines = append(r.lines[:0], r.lines[extra:]...)
	}
}

// last returns the lines, oldest first.
func (r *recorder) last() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string{}, r.lines...)
}
