package docker

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/pkg/stdcopy"

	"previewd/runtime/preview"
)

const (
	frameHeader = 8         // stream, three zeros, big-endian length
	maxFrame    = 1 << 20   // the engine cuts entries at 16 KB; more is no log stream
	logBuffer   = 64 * 1024 // bytes read ahead of the caller
)

// Logs reads an instance's output, also after its end and until its removal. The reader lives until ctx is done or
// it is closed.
func (b *Backend) Logs(ctx context.Context, id string, o preview.LogsOptions) (preview.LogReader, error) {
	ctx, cancel := context.WithCancel(ctx)
	body, err := b.api.ContainerLogs(ctx, id, container.LogsOptions{
		ShowStdout: true, ShowStderr: true, Timestamps: true, Follow: o.Follow, Since: sinceParam(o.Since),
	})
	if err != nil {
		cancel()
		return nil, InstanceError("logs of", id, err)
	}
	return &logReader{body: body, in: bufio.NewReaderSize(body, logBuffer), cancel: cancel}, nil
}

// sinceParam writes the time as the engine reads it: seconds and nanoseconds since the epoch.
func sinceParam(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d.%09d", t.Unix(), t.Nanosecond())
}

// logReader takes the engine's multiplexed stream apart: one frame is one entry.
type logReader struct {
	body   io.ReadCloser
	in     *bufio.Reader
	cancel context.CancelFunc
	closed atomic.Bool
	frame  []byte
}

var _ preview.LogReader = (*logReader)(nil)

// Next returns the next entry, io.EOF after the last one, and io.ErrClosedPipe after Close.
func (r *logReader) Next() (preview.LogEntry, error) {
	var head [frameHeader]byte
	if _, err := io.ReadFull(r.in, head[:]); err != nil {
		return preview.LogEntry{}, r.failed(err)
	}
	size := binary.BigEndian.Uint32(head[4:])
	if size > maxFrame {
		return preview.LogEntry{}, fmt.Errorf("log stream: frame of %d bytes", size)
	}
	if cap(r.frame) < int(size) {
		r.frame = make([]byte, size)
	}
	r.frame = r.frame[:size]
	if _, err := io.ReadFull(r.in, r.frame); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return preview.LogEntry{}, r.failed(err)
	}
	return parseFrame(stdcopy.StdType(head[0]), r.frame)
}

// Close ends the stream and a Next that waits in it.
func (r *logReader) Close() error {
	r.closed.Store(true)
	r.cancel()
	return r.body.Close()
}

func (r *logReader) failed(err error) error {
	switch {
	case r.closed.Load():
		return io.ErrClosedPipe
	case errors.Is(err, io.EOF), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return EngineError("log stream", err)
}

// parseFrame splits "timestamp text\n". The engine marks a part of a long line by leaving the newline out.
func parseFrame(stream stdcopy.StdType, frame []byte) (preview.LogEntry, error) {
	entry := preview.LogEntry{Stream: preview.Stdout}
	switch stream {
	case stdcopy.Stdout:
	case stdcopy.Stderr:
		entry.Stream = preview.Stderr
	case stdcopy.Systemerr:
		return entry, fmt.Errorf("log stream: %s", strconv.QuoteToASCII(string(frame)))
	default:
		return entry, fmt.Errorf("log stream: unknown stream %d", stream)
	}
	stamp, text, ok := bytes.Cut(frame, []byte{' '})
	if !ok {
		return entry, errors.New("log stream: entry without a timestamp")
	}
	at, err := time.Parse(time.RFC3339Nano, string(stamp))
	if err != nil {
		return entry, fmt.Errorf("log stream: %w", err)
	}
	entry.Timestamp, entry.Text = at, text
	if n := len(entry.Text); n > 0 && entry.Text[n-1] == '\n' {
		entry.Text = entry.Text[:n-1]
	} else {
		entry.Partial = true
	}
	return entry, nil
}
