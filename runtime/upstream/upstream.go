// Package upstream speaks HTTP to running previews, and to nothing else. Everything that previewd itself asks of an
// app goes through one Pool, which dials instances and published ports only and makes sure whose it got.
package upstream

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"previewd/runtime/preview"
)

// Bounds of the connections to one preview and of what it may say before its body.
const (
	defaultConns   = 32
	maxHeaderBytes = 128 << 10
	connectTimeout = 5 * time.Second

	// idleTime is shorter than any server keeps an idle connection (Gunicorn 2 s, Node and Uvicorn 5 s): a request
	// that meets a connection being closed is lost. An open one also counts as use of the preview, so it is not for long.
	idleTime = time.Second
)

// Rows tells what became of a preview.
type Rows interface {
	Preview(ctx context.Context, id string) (preview.Preview, error)
}

// Options are what a Pool works with. Host and Rows are needed.
type Options struct {
	Host   string // under which published ports are reached
	Rows   Rows
	Nodes  bool                                                                 // a preview's row may name a machine of its own; Host is for those that do not
	Places Places                                                               // nil: by the published ports alone
	Dial   func(ctx context.Context, network, address string) (net.Conn, error) // nil is net.Dialer's

	Lanes    bool          // requests without a body take the shortest way, as many at once as there are; see lane
	MaxConns int           // of the others to one preview, 0 is 32; more wait
	Patience time.Duration // from a request's end to the begin of its answer, and until more of its body is taken; 0 is without bound
}

// Pool keeps connections to running previews. It is an http.RoundTripper for URLs made by Origin and follows no
// redirect. The caller closes it.
type Pool struct {
	Options
	transport *http.Transport
	lanes     *lanes
	open      *conns
	places    *places
}

// New returns a Pool without connections.
func New(o Options) *Pool {
	if o.Dial == nil {
		o.Dial = (&net.Dialer{}).DialContext
	}
	if o.MaxConns == 0 {
		o.MaxConns = defaultConns
	}
	p := &Pool{Options: o, open: &conns{byID: map[string]map[*conn]struct{}{}}, places: &places{byID: map[string]preview.Place{}}}
	onlyHTTP1 := new(http.Protocols)
	onlyHTTP1.SetHTTP1(true)
	p.transport = &http.Transport{ // without a proxy: none may stand between previewd and its own ports
		DialContext:            p.dialPatiently,
		Protocols:              onlyHTTP1,
		DisableCompression:     true, // what arrives is told as it is
		MaxConnsPerHost:        o.MaxConns,
		MaxIdleConnsPerHost:    o.MaxConns,
		IdleConnTimeout:        idleTime,
		ResponseHeaderTimeout:  o.Patience,
		MaxResponseHeaderBytes: maxHeaderBytes,
	}
	p.lanes = newLanes(p.dial, o.Patience)
	return p
}

// Origin is where a preview's requests go. The host is the preview's id and not an address, so that connections are
// kept by preview and one that was made to a preview never serves another that got its port later.
func Origin(p preview.Preview) *url.URL {
	return &url.URL{Scheme: "http", Host: net.JoinHostPort(p.ID, strconv.Itoa(p.Port))}
}

// RoundTrip sends a request whose URL begins with an Origin. Its errors are those of Ask.
func (p *Pool) RoundTrip(req *http.Request) (*http.Response, error) {
	send := p.transport.RoundTrip
	if p.Lanes && fitsLane(req) {
		send = p.lanes.roundTrip
	}
	resp, err := send(req)
	if err != nil {
		return nil, explain(req.Context(), err)
	}
	if resp.StatusCode < http.StatusContinue { // Go takes 007, which is no status (RFC 9110, section 15)
		_ = resp.Body.Close() // nothing of it is used
		return nil, explain(req.Context(), fmt.Errorf("status %03d", resp.StatusCode))
	}
	return resp, nil
}

// Watch closes the connections to previews that end, until changes is closed.
func (p *Pool) Watch(changes <-chan preview.Preview) {
	for change := range changes {
		if !change.Status.Active() || change.Status == preview.Starting { // it may have left its machine
			p.open.closeAll(change.ID)
			p.places.forget(change.ID)
		}
	}
}

// Close closes every connection, those in use too.
func (p *Pool) Close() {
	p.transport.CloseIdleConnections()
	p.open.closeAll("")
}
