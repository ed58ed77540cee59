package sse

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"previewd/runtime/preview"
)

// FuzzLogStream: whatever a line, its source or the reason of the end say, a reader gets it as it was, and nothing else.
func FuzzLogStream(f *testing.F) {
	f.Add("data: x\n\nid: 9", "subprocess", "USER\n\nevent: end", int64(3), false)
	f.Add("\r\n\r\n", "\u2028\u2029\u0085", "\x00\xff", int64(1), true)
	f.Add("retry: 1\rid", ": comment", "\ufeff", int64(1<<62), true)
	f.Add(strings.Repeat("y", 64<<10), "", "", int64(7), false)
	f.Fuzz(func(t *testing.T, message, source, reason string, seq int64, zipped bool) {
		if seq < 1 || len(message) > maxLine/8 || len(source) > maxLine/8 || len(reason) > maxLine/8 {
			t.Skip()
		}
		lines := []preview.LogLine{
			{Seq: seq, Timestamp: time.Unix(1, 0).UTC(), Message: message, Source: preview.Source(source), Level: preview.Level(reason), Stream: preview.Stream(message)},
			{Timestamp: time.Unix(2, 0).UTC(), Message: reason, Source: preview.System}, // a notice
		}
		body := streamed(t, lines, reason, zipped)
		if n := bytes.Count(body, []byte("\n\n")); n != 4 || bytes.ContainsRune(body, '\r') {
			t.Errorf("%d blocks, want the retry, two lines and the end: %q", n, body)
		}
		r := NewReader(bytes.NewReader(body))
		for i, want := range lines {
			e, err := r.Next()
			var got preview.LogLine
			if err != nil || e.Name != "" || json.Unmarshal([]byte(e.Data), &got) != nil || got != throughJSON(t, want) {
				t.Fatalf("line %d: %+v, %v, want %+v", i, e, err, want)
			}
		}
		e, err := r.Next()
		var end ending
		if err != nil || e.Name != EventEnd || json.Unmarshal([]byte(e.Data), &end) != nil || end != throughJSON(t, ending{reason}) {
			t.Errorf("%+v, %v", e, err)
		}
		if _, err := r.Next(); !errors.Is(err, io.EOF) {
			t.Errorf("after the end: %v", err)
		}
	})
}

// streamed is what a client of these lines and this reason is sent.
func streamed(t *testing.T, lines []preview.LogLine, reason string, zipped bool) []byte {
	t.Helper()
	f := newFeed()
	for _, line := range lines {
		f.lines <- line
	}
	close(f.lines)
	req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	if zipped {
		req.Header.Set("Accept-Encoding", "gzip")
	}
	rec := httptest.NewRecorder()
	if err := ServeLogs(rec, req, Feed{Lines: f, End: func(context.Context) any { return ending{reason} }}, nil); err != nil {
		t.Fatal(err)
	}
	if !zipped {
		return rec.Body.Bytes()
	}
	plain, err := gzip.NewReader(rec.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// throughJSON is v as JSON keeps it: without bytes that are no text.
func throughJSON[T any](t *testing.T, v T) (out T) {
	t.Helper()
	text, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}
