package docker

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"
	"time"

	"github.com/docker/docker/pkg/stdcopy"

	"previewd/runtime/preview"
)

// demuxed reads a stream as it comes from the engine, in pieces of any size.
func demuxed(stream []byte, small bool) (entries []preview.LogEntry, err error) {
	var in io.Reader = bytes.NewReader(stream)
	if small {
		in = iotest.OneByteReader(in)
	}
	r := &logReader{body: io.NopCloser(in), in: bufio.NewReaderSize(in, 16), cancel: func() {}}
	for {
		e, err := r.Next()
		if err != nil {
			return entries, err
		}
		e.Text = bytes.Clone(e.Text)
		entries = append(entries, e)
	}
}

// Whatever the engine sends: the reader ends, with io.EOF between two frames only, and holds no more than a frame.
func FuzzLogStream(f *testing.F) {
	f.Add([]byte("\x01\x00\x00\x00\x00\x00\x00\x2131" + "2026-11-05T09:30:01.523456789Z hello\n"))
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\x1f2026-11-05T09:30:01.523456789Z a\x01\x00\x00"))
	f.Add([]byte("\x03\x00\x00\x00\x00\x00\x00\x05oops\n"))
	f.Add([]byte("\x01\x00\x00\x00\xff\xff\xff\xff"))
	f.Add([]byte("\x01\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		entries, err := demuxed(stream, false)
		again, errAgain := demuxed(stream, true)
		if len(entries) != len(again) || (err == io.EOF) != (errAgain == io.EOF) { //nolint:errorlint // the very value is promised
			t.Errorf("%d entries, %v; in small pieces %d, %v", len(entries), err, len(again), errAgain)
		}
		read := 0
		for _, e := range entries {
			if (e.Stream != preview.Stdout && e.Stream != preview.Stderr) || bytes.HasSuffix(e.Text, []byte("\n")) && e.Partial {
				t.Errorf("%+v", e)
			}
			read += frameHeader + len("2006-01-02T15:04:05Z ") + len(e.Text)
		}
		if read > len(stream) {
			t.Errorf("%d bytes hold %d", len(stream), read)
		}
	})
}

// What the engine's own writer packs is what comes out.
func FuzzLogStreamIsUnpacked(f *testing.F) {
	f.Add([]byte("one\ntwo\n"), []byte("three"), int64(1), true)
	f.Add([]byte{0, 1, 2, 0xff, ' ', '\r'}, []byte("\n"), int64(1<<60), false)
	f.Fuzz(func(t *testing.T, first, second []byte, nanos int64, small bool) {
		if len(first)+len(second) > 1<<19 {
			t.Skip()
		}
		at := time.Unix(0, nanos).UTC()
		var stream bytes.Buffer
		var want []preview.LogEntry
		pack := func(to preview.Stream, kind stdcopy.StdType, text []byte) {
			for part := range bytes.Lines(text) {
				line, ended := bytes.CutSuffix(part, []byte("\n"))
				want = append(want, preview.LogEntry{Stream: to, Timestamp: at, Text: line, Partial: !ended})
				_, _ = stdcopy.NewStdWriter(&stream, kind).Write(append(at.AppendFormat(nil, "2006-01-02T15:04:05.000000000Z07:00 "), part...))
			}
		}
		pack(preview.Stdout, stdcopy.Stdout, first)
		pack(preview.Stderr, stdcopy.Stderr, second)
		got, err := demuxed(stream.Bytes(), small)
		if !errors.Is(err, io.EOF) || len(got) != len(want) {
			t.Fatalf("%d entries, %v, want %d", len(got), err, len(want))
		}
		for i, w := range want {
			g := got[i]
			if g.Stream != w.Stream || !g.Timestamp.Equal(w.Timestamp) || !bytes.Equal(g.Text, w.Text) || g.Partial != w.Partial {
				t.Errorf("%+v, want %+v", g, w)
			}
		}
	})
}
