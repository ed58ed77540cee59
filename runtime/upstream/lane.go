package upstream

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"time"
)

// lane is a connection that nobody reads but who asked over it last. http.Transport has two goroutines for each of its own, which see that a
// body can be sent while the answer comes already; a request without a body needs neither, and handing it and its answer to them
// costs a proxy more than all else it does.
type lane struct {
	net.Conn
	host  string
	head  *io.LimitedReader // under in: bounds what comes before a body
	in    *bufio.Reader
	out   *bufio.Writer
	used  bool        // it has answered before
	timer *time.Timer // closes it while it is idle
}

func newLane(conn net.Conn, host string) *lane {
	head := &io.LimitedReader{R: conn, N: math.MaxInt64}
	return &lane{Conn: conn, host: host, head: head, in: bufio.NewReader(head), out: bufio.NewWriter(conn)}
}

var (
	// errStale says that the other end had closed a kept connection before it got the request.
	errStale = errors.New("the connection was closed while it was idle")
	// errUnasked says that an app changes the protocol of its own accord.
	errUnasked = errors.New("an answer 101 that nobody asked for")
)

// aLongTimeAgo is a deadline that has passed.
var aLongTimeAgo = time.Unix(1, 0)

// fitsLane reports whether a request can go by a lane: without a body, and again should the connection turn out to be stale.
func fitsLane(req *http.Request) bool {
	switch req.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return (req.Body == nil || req.Body == http.NoBody) && req.Header.Get("Upgrade") == "" && !req.Close
	}
	return false
}

// ask sends the request and returns the answer, whose body gives the lane back. After an error the caller closes the lane.
func (l *lanes) ask(c *lane, req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(aLongTimeAgo) })
	resp, err := c.exchange(req, l.patience)
	if err != nil {
		stop()
		return nil, err
	}
	body := &laneBody{Reader: resp.Body, lanes: l, lane: c, stop: stop, ctx: ctx, keep: !resp.Close}
	if resp.Body == http.NoBody {
		body.end(true)
		return resp, nil
	}
	resp.Body = body
	return resp, nil
}

func (c *lane) exchange(req *http.Request, patience time.Duration) (*http.Response, error) {
	if err := c.bound(req.Context(), patience); err != nil {
		return nil, err
	}
	err := req.Write(c.out)
	if err == nil {
		err = c.out.Flush()
	}
	c.head.N = maxHeaderBytes
	if err == nil {
		_, err = c.in.Peek(1)
	}
	if err != nil {
		return nil, c.broken(err)
	}
	resp, err := c.final(req)
	if err != nil {
		return nil, err
	}
	c.head.N = math.MaxInt64
	return resp, c.bound(req.Context(), 0)
}

// bound sets the time for what comes next, 0 is any. An end of ctx in the meantime is not overlooked.
func (c *lane) bound(ctx context.Context, within time.Duration) error {
	end := time.Time{}
	if within > 0 {
		end = time.Now().Add(within)
	}
	if err := c.SetDeadline(end); err != nil {
		return c.broken(err)
	}
	return ctx.Err()
}

// broken tells a kept connection that had been closed from one that was just made.
func (c *lane) broken(err error) error {
	var late net.Error
	if c.used && !(errors.As(err, &late) && late.Timeout()) {
		return fmt.Errorf("%w: %w", errStale, err)
	}
	return err
}

// final reads the answer, and tells of those that only say that it is to come.
func (c *lane) final(req *http.Request) (*http.Response, error) {
	trace := httptrace.ContextClientTrace(req.Context())
	for {
		resp, err := http.ReadResponse(c.in, req)
		switch {
		case err != nil:
			return nil, err
		case resp.StatusCode == http.StatusSwitchingProtocols:
			return nil, errUnasked
		case resp.StatusCode < http.StatusContinue || resp.StatusCode >= http.StatusOK:
			return resp, nil
		}
		if trace != nil && trace.Got1xxResponse != nil {
			if err := trace.Got1xxResponse(resp.StatusCode, textproto.MIMEHeader(resp.Header)); err != nil {
				return nil, err
			}
		}
	}
}

// laneBody gives its lane back at the end.
type laneBody struct {
	io.Reader // of the body alone: its own Close would read on to the end

	lanes *lanes
	lane  *lane
	stop  func() bool
	ctx   context.Context //nolint:containedctx // of the request whose answer it is
	keep  bool
	ended bool
}

func (b *laneBody) Read(p []byte) (int, error) {
	if b.ended {
		return 0, io.EOF
	}
	n, err := b.Reader.Read(p)
	if err == nil {
		return n, nil
	}
	b.end(errors.Is(err, io.EOF))
	if gone := b.ctx.Err(); gone != nil && !errors.Is(err, io.EOF) {
		err = gone
	}
	return n, err
}

// Buffered is how much can be read without waiting, at least.
func (b *laneBody) Buffered() int {
	if b.ended {
		return 0
	}
	return b.lane.in.Buffered()
}

// Close of a body that was not read to its end closes the connection.
func (b *laneBody) Close() error {
	if !b.ended {
		b.end(false)
	}
	return nil
}

func (b *laneBody) end(whole bool) {
	b.ended = true
	undisturbed := b.stop() // else the deadline is set, or about to be
	if whole && b.keep && undisturbed && b.lane.in.Buffered() == 0 {
		b.lanes.put(b.lane)
		return
	}
	_ = b.lane.Close() // nothing more is wanted of it
}
