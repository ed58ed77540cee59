package fake

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"previewd/runtime/preview"
)

// maxEntry is where engines cut a long line.
const maxEntry = 16 * 1024

// lineWriter turns output into log entries.
type lineWriter struct {
	logs   *feed[preview.LogEntry]
	stream preview.Stream

	mu   sync.Mutex
	open []byte
}

func (w *lineWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open = append(w.open, p...)
	for {
		line, rest, ended := bytes.Cut(w.open, []byte{'\n'})
		switch {
		case len(line) >= maxEntry:
			w.emit(line[:maxEntry], true)
			w.open = w.open[maxEntry:]
		case ended:
			w.emit(line, false)
			w.open = rest
		default:
			return len(p), nil
		}
	}
}

func (w *lineWriter) flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.open) > 0 {
		w.emit(w.open, true) // engines say so of a last line without a newline
		w.open = nil
	}
}

func (w *lineWriter) emit(text []byte, partial bool) {
	w.logs.add(preview.LogEntry{Stream: w.stream, Timestamp: time.Now(), Text: bytes.Clone(text), Partial: partial})
}

// Logs reads an instance's output.
func (b *Backend) Logs(ctx context.Context, id string, o preview.LogsOptions) (preview.LogReader, error) {
	i, err := b.find(ctx, "logs", id)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	return &logReader{ctx: ctx, cancel: cancel, logs: i.logs, o: o}, nil
}

type logReader struct {
	ctx    context.Context // bounds the stream, as a response body's does
	cancel context.CancelFunc
	logs   *feed[preview.LogEntry]
	o      preview.LogsOptions
	next   int
	closed sync.Once
}

// Next returns the next entry.
func (r *logReader) Next() (preview.LogEntry, error) {
	for {
		e, ok, err := r.logs.at(r.ctx, r.next, r.o.Follow)
		switch {
		case err != nil:
			return e, fmt.Errorf("log stream: %w", err)
		case !ok:
			return e, io.EOF
		}
		r.next++
		if !e.Timestamp.Before(r.o.Since) {
			return e, nil
		}
	}
}

// Close ends Next.
func (r *logReader) Close() error {
	r.closed.Do(r.cancel)
	return nil
}
