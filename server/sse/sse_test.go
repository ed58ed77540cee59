package sse

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// plain is the request of a client that takes no compressed stream.
func plain(t *testing.T) *http.Request {
	t.Helper()
	return httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
}

func TestEventsSurviveTheTrip(t *testing.T) {
	events := []Event{
		{Data: "plain"},
		{ID: "7", Data: `{"a":1}`},
		{Name: "end", Data: ""},
		{ID: "8", Name: "x", Data: "two\nlines\n"},
		{Data: "crlf\r\nand cr\rend"},
		{Data: " leading space: and colon"},
	}
	rec := httptest.NewRecorder()
	w, err := NewWriter(rec, plain(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if err := w.Send(e); err != nil {
			t.Fatal(err)
		}
		if err := w.Heartbeat(""); err != nil {
			t.Fatal(err)
		}
	}
	if !rec.Flushed || rec.Header().Get("Content-Type") != "text/event-stream" || rec.Header().Get("Cache-Control") != "no-cache, no-transform" || rec.Header().Get("X-Accel-Buffering") != "no" {
		t.Errorf("flushed %v, headers %v", rec.Flushed, rec.Header())
	}
	last := ""
	for _, slow := range []bool{false, true} {
		var in io.Reader = strings.NewReader(rec.Body.String())
		if slow {
			in = iotest.OneByteReader(in)
		}
		r := NewReader(in)
		last = ""
		for _, want := range events {
			if want.ID == "" {
				want.ID = last
			}
			last = want.ID
			want.Data = lineBreaks.Replace(want.Data)
			if got, err := r.Next(); err != nil || got != want {
				t.Errorf("%+v, %v, want %+v", got, err, want)
			}
		}
		if _, err := r.Next(); !errors.Is(err, io.EOF) || r.LastEventID() != "8" || r.Retry() != retry {
			t.Errorf("%v, last id %q, retry %v", err, r.LastEventID(), r.Retry())
		}
	}
}

func TestFieldsMayNotBreakOut(t *testing.T) {
	w, err := NewWriter(httptest.NewRecorder(), plain(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []Event{{ID: "1\ndata: x"}, {Name: "a\rb"}, {ID: "\x00"}} {
		if err := w.Send(e); !errors.Is(err, errField) {
			t.Errorf("%+v: %v", e, err)
		}
	}
	if err := w.SendJSON("", "", func() {}); err == nil {
		t.Error("a function was sent")
	}
}

func TestReaderFollowsTheStandard(t *testing.T) {
	for in, want := range map[string][]Event{
		"\ufeffdata: a\n\n":                          {{Data: "a"}},
		"data:a\r\rdata: b\r\n\r\ndata\n\n":          {{Data: "a"}, {Data: "b"}, {Data: ""}},
		"event: x\n\ndata: y\n\n":                    {{Data: "y"}},
		"id: 1\n\nid\ndata: y\n\n":                   {{Data: "y"}},
		"id: 1\nid: 2\x00\ndata: y\n\n":              {{ID: "1", Data: "y"}},
		": comment\nodd: field\nretry: x\ndata:\n\n": {{Data: ""}},
		"data: cut off":                              nil,
		"data: cut off\n":                            nil,
	} {
		r := NewReader(strings.NewReader(in))
		var got []Event
		for {
			e, err := r.Next()
			if err != nil {
				break
			}
			got = append(got, e)
		}
		if len(got) != len(want) {
			t.Errorf("%q: %+v, want %+v", in, got, want)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%q: %+v, want %+v", in, got[i], want[i])
			}
		}
	}
}

func TestReaderErrors(t *testing.T) {
	if _, err := NewReader(strings.NewReader("data: " + strings.Repeat("x", 2*maxLine) + "\n\n")).Next(); err == nil || !strings.Contains(err.Error(), "a line has more") {
		t.Error(err)
	}
	if _, err := NewReader(iotest.ErrReader(context.Canceled)).Next(); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	r := NewReader(strings.NewReader("retry: 250\n\n"))
	if _, err := r.Next(); !errors.Is(err, io.EOF) || r.Retry() != 250*time.Millisecond {
		t.Error(err, r.Retry())
	}
}

func TestLastEventID(t *testing.T) {
	for _, c := range []struct {
		header, query string
		want          int64
		bad           bool
	}{
		{"", "", 0, false},
		{"0", "", 0, false},
		{"12", "?last_event_id=7", 12, false},
		{"", "?last_event_id=7", 7, false},
		{"x", "", 0, true},
		{"-1", "", 0, true},
		{"+1", "", 0, true},
		{"9223372036854775807", "", 9223372036854775807, false},
		{"9223372036854775808", "", 0, true},
		{"00000000000000000001", "", 0, true},
		{"", "?last_event_id=99999999999999999999", 0, true},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/"+c.query, nil)
		if c.header != "" {
			r.Header.Set("Last-Event-ID", c.header)
		}
		if got, err := LastEventID(r); got != c.want || (err != nil) != c.bad {
			t.Errorf("%+v: %d, %v", c, got, err)
		}
	}
}

type brokenWriter struct {
	*httptest.ResponseRecorder
	deadline, write, flush error
}

func (w brokenWriter) SetWriteDeadline(time.Time) error { return w.deadline }
func (w brokenWriter) FlushError() error                { return w.flush }
func (w brokenWriter) Write(p []byte) (int, error)      { return len(p), w.write }

func TestAGoneClientIsAnError(t *testing.T) {
	gone := errors.New("gone")
	for _, w := range []brokenWriter{{deadline: gone}, {write: gone}, {flush: gone}} {
		w.ResponseRecorder = httptest.NewRecorder()
		if _, err := NewWriter(w, plain(t)); !errors.Is(err, gone) {
			t.Errorf("%+v: %v", w, err)
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add("data: a\r\n\r\nid: 1\n\n:\n", "x")
	f.Fuzz(func(t *testing.T, stream, data string) {
		for r := NewReader(strings.NewReader(stream)); ; {
			e, err := r.Next()
			if err != nil {
				break
			}
			if strings.ContainsAny(e.ID+e.Name, "\r\n") || strings.Contains(e.Data, "\r") {
				t.Errorf("%+v", e)
			}
		}
		b, err := Event{Data: data}.appendTo(nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := NewReader(strings.NewReader(string(b))).Next(); len(data) < maxLine/2 && (err != nil || got.Data != lineBreaks.Replace(data)) {
			t.Errorf("%q became %q, %v", data, got.Data, err)
		}
	})
}
