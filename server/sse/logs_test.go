package sse

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"previewd/runtime/preview"
)

// feed is a log that tests write to.
type feed struct {
	lines chan preview.LogLine
	fail  chan error
	ended *atomic.Bool // the preview has
}

func newFeed() feed {
	return feed{lines: make(chan preview.LogLine, 1000), fail: make(chan error, 1), ended: new(atomic.Bool)}
}

func (f feed) Next(ctx context.Context) (preview.LogLine, error) {
	select {
	case line, open := <-f.lines:
		if !open {
			return line, io.EOF
		}
		return line, nil
	default:
	}
	select {
	case line, open := <-f.lines:
		if !open {
			return line, io.EOF
		}
		return line, nil
	case err := <-f.fail:
		return preview.LogLine{}, err
	case <-ctx.Done():
		return preview.LogLine{}, ctx.Err()
	}
}

func (feed) Seen() int64 { return 0 }

// ending is the data of the end event in these tests.
type ending struct {
	Reason string `json:"reason"`
}

func feedOf(lines Lines, states <-chan any) Feed {
	f, _ := lines.(feed)
	return Feed{Lines: lines, States: states, End: func(context.Context) any { return ending{"USER"} }, Ended: f.ended != nil && f.ended.Load()}
}

// server serves one feed over a real connection; the handler's error arrives in result.
func server(t *testing.T, f Lines, states ...<-chan any) (url string, done chan struct{}, result chan error) {
	t.Helper()
	done, result = make(chan struct{}), make(chan error, 10)
	var changes <-chan any
	if len(states) > 0 {
		changes = states[0]
	}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		result <- ServeLogs(w, r, feedOf(f, changes), done)
	}))
	srv.Config.WriteTimeout = 100 * time.Millisecond // what a stream has to outlive
	srv.Start()
	t.Cleanup(srv.Close)
	return srv.URL, done, result
}

func get(t *testing.T, url, lastEventID string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastEventID != "" {
		req.Header.Set("Last-Event-ID", lastEventID)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

func next(t *testing.T, r *Reader) Event {
	t.Helper()
	e, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func wantEnd(t *testing.T, r *Reader) {
	t.Helper()
	if e := next(t, r); e.Name != EventEnd || e.Data != `{"reason":"USER"}` {
		t.Errorf("%+v", e)
	}
	wantNoMore(t, r)
}

func wantNoMore(t *testing.T, r *Reader) {
	t.Helper()
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
}

func TestLinesAreEvents(t *testing.T) {
	f := newFeed()
	url, _, result := server(t, f)
	res := get(t, url, "")
	r := NewReader(res.Body)
	at := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)
	f.lines <- preview.LogLine{PreviewID: "p", Seq: 41, Timestamp: at, Level: preview.Error, Message: "a\nb", Source: preview.Subprocess, Stream: preview.Stderr, Origin: 5}
	e := next(t, r)
	var got map[string]any
	if err := json.Unmarshal([]byte(e.Data), &got); err != nil {
		t.Fatal(err)
	}
	if e.ID != "41" || e.Name != "" || len(got) != 6 || got["timestamp"] != "2026-01-02T03:04:05.000006Z" || got["level"] != "ERROR" || got["message"] != "a\nb" || got["source"] != "subprocess" {
		t.Errorf("%+v", e)
	}
	f.lines <- preview.LogLine{Message: "dropped 3 lines: why", Source: preview.System}
	if e := next(t, r); e.ID != "41" || !strings.Contains(e.Data, "dropped 3 lines") {
		t.Errorf("%+v", e)
	}
	close(f.lines)
	wantEnd(t, r)
	if err := <-result; err != nil {
		t.Error(err)
	}
}

func TestStreamsOutliveTheServersWriteTimeout(t *testing.T) {
	f := newFeed()
	url, _, _ := server(t, f)
	r := NewReader(get(t, url, "").Body)
	begin := time.Now()
	for i := int64(1); time.Since(begin) < 300*time.Millisecond; i++ {
		f.lines <- preview.LogLine{Seq: i}
		next(t, r)
	}
}

func TestTheServersEndEndsStreams(t *testing.T) {
	url, done, result := server(t, newFeed())
	r := NewReader(get(t, url, "").Body)
	close(done)
	wantNoMore(t, r) // no end event: a browser connects again
	if err := <-result; err != nil {
		t.Error(err)
	}
}

// A client that takes nothing holds nothing up when the server ends.
func TestAStuckClientDoesNotHoldUpTheEnd(t *testing.T) {
	f := newFeed()
	url, done, result := server(t, f)
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	stuck := make(chan struct{})
	go func() { // fills the connection until nobody takes lines any more
		defer close(stuck)
		for {
			select {
			case f.lines <- preview.LogLine{Seq: 1, Message: strings.Repeat("x", 64<<10)}:
			case <-time.After(500 * time.Millisecond):
				return
			}
		}
	}()
	<-stuck
	close(done)
	select {
	case err := <-result:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the stream goes on")
	}
}

func TestTheClientsEndIsNoError(t *testing.T) {
	url, _, result := server(t, newFeed())
	res := get(t, url, "")
	_ = res.Body.Close()
	if err := <-result; err != nil {
		t.Error(err)
	}
}

func TestTheLogsOwnErrorIsReturned(t *testing.T) {
	f := newFeed()
	url, _, result := server(t, f)
	get(t, url, "")
	f.fail <- io.ErrNoProgress
	if err := <-result; !errors.Is(err, io.ErrNoProgress) {
		t.Error(err)
	}
}

func TestReconnecting(t *testing.T) {
	f := newFeed()
	url, _, result := server(t, f)
	res := get(t, url, "5") // nothing new yet: the stream is there all the same
	if res.StatusCode != http.StatusOK {
		t.Fatal(res.Status)
	}
	f.lines <- preview.LogLine{Seq: 6}
	if e := next(t, NewReader(res.Body)); e.ID != "6" {
		t.Errorf("%+v", e)
	}
	_ = res.Body.Close()
	<-result // the first handler takes no more lines
	f.lines <- preview.LogLine{Seq: 7}
	f.ended.Store(true)
	close(f.lines)
	r := NewReader(get(t, url, "6").Body)
	if e := next(t, r); e.ID != "7" {
		t.Errorf("%+v", e)
	}
	wantEnd(t, r)
	if res := get(t, url, "7"); res.StatusCode != http.StatusNoContent {
		t.Errorf("after the end: %s", res.Status)
	}
	wantEnd(t, NewReader(get(t, url, "").Body))
}

func TestHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := httptest.NewRecorder()
		ctx, cancel := context.WithTimeout(t.Context(), 2*Heartbeat+time.Second)
		defer cancel()
		req := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
		if err := ServeLogs(rec, req, feedOf(newFeed(), nil), nil); err != nil {
			t.Error(err)
		}
		if n := strings.Count(rec.Body.String(), ": heartbeat\n\n"); n != 2 {
			t.Errorf("%d heartbeats in %q", n, rec.Body)
		}
	})
}

// filtered is a log of which lines up to a seq have passed that are not wanted.
type filtered struct {
	feed
	seen int64
}

func (f filtered) Seen() int64 { return f.seen }

func TestHeartbeatsTellHowFarAClientNeedNotGoBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := httptest.NewRecorder()
		ctx, cancel := context.WithTimeout(t.Context(), 2*Heartbeat+time.Second)
		defer cancel()
		f := filtered{newFeed(), 900}
		f.lines <- preview.LogLine{Seq: 7}
		req := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
		if err := ServeLogs(rec, req, feedOf(f, nil), nil); err != nil {
			t.Error(err)
		}
		body := rec.Body.String()
		if strings.Count(body, ": heartbeat\nid: 900\n\n") != 1 || strings.Count(body, ": heartbeat\n\n") != 1 {
			t.Errorf("%q", body)
		}
		r := NewReader(rec.Body)
		next(t, r)
		wantNoMore(t, r)
		if r.LastEventID() != "900" {
			t.Errorf("a client goes on from %q", r.LastEventID())
		}
	})
}

func TestStatesAreEvents(t *testing.T) {
	f, states := newFeed(), make(chan any, 4)
	states <- map[string]string{"status": "starting"}
	url, _, result := server(t, f, states)
	r := NewReader(get(t, url, "").Body)
	if e := next(t, r); e.Name != EventStatus || e.Data != `{"status":"starting"}` || e.ID != "" {
		t.Errorf("%+v", e)
	}
	f.lines <- preview.LogLine{Seq: 1}
	if e := next(t, r); e.ID != "1" {
		t.Errorf("%+v", e)
	}
	states <- map[string]string{"status": "running"}
	if e := next(t, r); e.Name != EventStatus || e.Data != `{"status":"running"}` {
		t.Errorf("%+v", e)
	}
	states <- map[string]string{"status": "stopped"}
	close(f.lines)
	if e := next(t, r); e.Name != EventStatus { // the end comes last, whichever was there first
		t.Errorf("%+v", e)
	}
	wantEnd(t, r)
	if err := <-result; err != nil {
		t.Error(err)
	}
}

func TestCompressedWhereAskedFor(t *testing.T) {
	for accept, want := range map[string]string{
		"": "", "identity": "", "br": "", "gzip": "gzip", "br, GZIP;q=0.5": "gzip", "gzip;q=0": "", "deflate, gzip; q=0.000, br": "",
	} {
		f := newFeed()
		url, _, _ := server(t, f)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", accept) // by hand: the transport leaves the body as it is then
		if accept == "" {
			req.Header.Set("Accept-Encoding", "identity")
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = res.Body.Close() })
		if got := res.Header.Get("Content-Encoding"); got != want || res.Header.Get("Vary") != "Accept-Encoding" {
			t.Fatalf("%q: %q, vary %q", accept, got, res.Header.Get("Vary"))
		}
		var body io.Reader = res.Body
		if want != "" {
			if body, err = gzip.NewReader(res.Body); err != nil {
				t.Fatal(err)
			}
		}
		r := NewReader(body)
		for seq := range int64(3) { // each arrives without waiting for the next
			f.lines <- preview.LogLine{Seq: seq + 1, Message: "the same again and again"}
			next(t, r)
		}
		close(f.lines)
		wantEnd(t, r)
	}
}

// failAfter breaks after a number of writes.
type failAfter struct {
	*httptest.ResponseRecorder
	left int
}

func (w *failAfter) Write(p []byte) (int, error) {
	if w.left--; w.left < 0 {
		return 0, io.ErrClosedPipe
	}
	return len(p), nil
}

func TestABrokenConnectionEndsTheStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			writes, lines int
			id            string
		}{{0, 0, ""}, {1, 0, ""}, {1, 1, ""}, {1, 1, "5"}} {
			f := newFeed()
			for range c.lines {
				f.lines <- preview.LogLine{Seq: 1}
			}
			req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
			if c.id != "" {
				req.Header.Set("Last-Event-ID", c.id)
			}
			if err := ServeLogs(&failAfter{httptest.NewRecorder(), c.writes}, req, feedOf(f, nil), nil); err != nil {
				t.Errorf("%+v: %v", c, err)
			}
		}
	})
}
