package gateway

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"sync"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
	"previewd/runtime/tracing"
	"previewd/runtime/upstream"
)

type closer = io.Closer

// passage is what is known of a request that goes through.
type passage struct {
	preview preview.Preview
	visit   *visit
	scheme  string // by which the browser came
	host    string // that it asked for
	peer    string // who sent the request here
	trusted bool   // peer is a proxy whose word counts
	body    *slowBody
	out     *slowWriter
	span    tracing.Span
}

type passageKey struct{}

func passageOf(ctx context.Context) *passage {
	p, _ := ctx.Value(passageKey{}).(*passage)
	return p
}

// pass sends the request to the app and the answer back, for as long as that takes.
func (g *Gateway) pass(w http.ResponseWriter, r *http.Request, p preview.Preview, who grant) {
	// Only those who were let in are traced: others could make as many spans as they like.
	ctx, span := g.Traces.Visit(r.Context(), r)
	defer span.End()
	span.Set(tracing.PreviewID, p.ID)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	one := &visit{grant: who, host: p.Host, bound: who.bound(p), cancel: cancel}
	began := g.Now()
	if err := g.visits.begin(one, began); err != nil {
		g.refuse(w, r, unready(err))
		return
	}
	way := &passage{preview: p, visit: one, scheme: g.scheme(r), host: r.Host, span: span}
	way.peer, way.trusted = g.peer(r)
	out := newSlowWriter(w, g.slow)
	way.out = out
	g.Meter.Begin()
	defer func() {
		out.done()
		g.visits.end(one, g.Now())
		g.Meter.End(out.status, g.Now().Sub(began))
		span.Answered(out.status)
	}()
	r = r.WithContext(context.WithValue(ctx, passageKey{}, way))
	if r.ContentLength != 0 {
		way.body = newSlowBody(w, r.Body, g.slow)
		r.Body = way.body
	}
	g.proxy.ServeHTTP(out, r)
}

func (g *Gateway) newProxy() (*httputil.ReverseProxy, io.Closer) {
	lines := g.Log.WriterLevel(logrus.DebugLevel)
	return &httputil.ReverseProxy{
		Transport:      g.Apps,
		Rewrite:        rewrite,
		ModifyResponse: modify,
		ErrorHandler:   g.unanswered,
		BufferPool:     &buffers{},
		ErrorLog:       log.New(lines, "", 0),
	}, lines
}

// rewrite makes the request one that the app is to see.
func rewrite(pr *httputil.ProxyRequest) {
	way := passageOf(pr.In.Context())
	to := upstream.Origin(way.preview)
	pr.Out.URL.Scheme, pr.Out.URL.Host = to.Scheme, to.Host
	pr.Out.URL.RawQuery = pr.In.URL.RawQuery // as it is spelt: the gateway reads no more of it
	pr.Out.Host = pr.In.Host
	hideCookies(pr.Out.Header)
	pr.Out.Header.Del(headerName)
	pr.Out.Header.Del("Expect") // the gateway itself tells the visitor to go on, when the app's connection takes the body
	way.forward(pr.In.Header, pr.Out.Header)
	way.ownOrigin(pr.Out)
	way.span.Hand(pr.Out.Header)
	if way.body != nil {
		way.body.trailers(pr.In.Trailer, pr.Out.Trailer)
	}
}

// modify makes the answer one that stays within the preview's origin, and that can be framed.
func modify(resp *http.Response) error {
	way := passageOf(resp.Request.Context())
	h := resp.Header
	appCookies(h, way.visit.framed)
	h.Del("Clear-Site-Data") // clears the cookies of siblings, too
	letFrame(h)
	if location := h.Get("Location"); location != "" {
		h.Set("Location", way.publicly(location))
	}
	way.promptly(resp) // what an app has written, its visitor sees
	return nil
}

const bufferSize = 64 << 10

// buffers are those that bodies are copied through.
type buffers struct{ pool sync.Pool }

func (b *buffers) Get() []byte {
	if kept, ok := b.pool.Get().(*[bufferSize]byte); ok {
		return kept[:]
	}
	return make([]byte, bufferSize)
}

func (b *buffers) Put(used []byte) { b.pool.Put((*[bufferSize]byte)(used)) }
