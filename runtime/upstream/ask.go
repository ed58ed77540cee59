package upstream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"
	"time"

	"previewd/runtime/preview"
)

// Request is what is asked of an app.
type Request struct {
	Method string
	Target string      // path and query as they are sent; see ParseTarget
	Header http.Header // what belongs to the connection is left out
	Body   []byte      // nil sends none
}

// Limits bound one answer.
type Limits struct {
	Timeout time.Duration // from the start to the end of the body
	Bytes   int           // of the body
}

// Answer is what an app answered.
type Answer struct {
	Status    int
	Header    http.Header   // without what belongs to the connection
	Body      []byte        // decompressed where that could be done
	Truncated bool          // there was more of the body, or would have been
	Elapsed   time.Duration // from the request's going out to the end of the body
}

// Ask sends one request to a running preview and reads the answer. A body that is too long, never ends or breaks off is no
// error: what came is returned and said to be truncated.
//
// Errors: ErrNotRunning, ErrUnreachable, context.DeadlineExceeded when no answer began in time, and ctx's own.
func (p *Pool) Ask(ctx context.Context, to preview.Preview, r Request, l Limits) (Answer, error) {
	bounded, cancel := context.WithTimeout(ctx, l.Timeout)
	defer cancel()
	var sent stopwatch
	req, err := r.on(sent.start(bounded), to)
	if err != nil {
		return Answer{}, err
	}
	resp, err := p.RoundTrip(req)
	if err != nil {
		return Answer{}, err
	}
	defer func() { _ = resp.Body.Close() }() // read only
	body, whole, err := readBody(resp, l.Bytes)
	if ctx.Err() != nil {
		return Answer{}, fmt.Errorf("read the app's answer: %w", errors.Join(ctx.Err(), err))
	}
	a := Answer{Status: resp.StatusCode, Header: EndToEnd(resp.Header), Body: body, Truncated: !whole, Elapsed: sent.elapsed()}
	a.decompress(l.Bytes)
	return a, nil
}

// ours are headers of a request that previewd itself sets or does without. With an Expect the app's answer would wait for
// nothing: the body is at hand.
var ours = [...]string{"Host", "Content-Length", "Expect"}

// on addresses the request to a preview. The app sees the host that its own address in the log has.
func (r Request) on(ctx context.Context, to preview.Preview) (*http.Request, error) {
	u := Origin(to)
	u.Opaque = r.Target // sent as it is: the URL's own rules would respell it
	var body io.Reader
	if r.Body != nil {
		body = bytes.NewReader(r.Body)
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, "", body)
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	req.URL, req.Host = u, net.JoinHostPort("127.0.0.1", strconv.Itoa(to.Port))
	req.Header = EndToEnd(r.Header)
	for _, name := range ours {
		req.Header.Del(name)
	}
	for name, value := range map[string]string{"User-Agent": "previewd", "Accept": "*/*", "Accept-Encoding": "identity"} {
		if req.Header.Get(name) == "" {
			req.Header.Set(name, value)
		}
	}
	return req, nil
}

// readBody reads at most limit bytes and reports whether that was all.
func readBody(resp *http.Response, limit int) (body []byte, whole bool, err error) {
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return nil, true, nil // nobody asked for one; what follows is no body
	}
	body, err = io.ReadAll(io.LimitReader(resp.Body, int64(limit)+1))
	if len(body) > limit {
		return body[:limit], false, nil
	}
	return body, err == nil, err
}

// stopwatch measures from the moment a request gets its connection.
type stopwatch struct{ began atomic.Pointer[time.Time] }

func (s *stopwatch) start(ctx context.Context) context.Context {
	s.began.Store(new(time.Now()))
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { s.began.Store(new(time.Now())) },
	})
}

func (s *stopwatch) elapsed() time.Duration { return time.Since(*s.began.Load()) }
