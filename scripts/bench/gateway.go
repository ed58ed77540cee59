package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// gatewayBench asks the same app by the gateway, by its own port, and by nginx before that port.
func gatewayBench(fs *flag.FlagSet) bench {
	g := gatewayRun{}
	fs.DurationVar(&g.last, "gateway-time", 5*time.Second, "how long each way is measured")
	fs.IntVar(&g.rounds, "gateway-rounds", 5, "how often, alternating")
	fs.IntVar(&g.workers, "gateway-workers", 64, "connections at once")
	fs.IntVar(&g.rate, "gateway-rate", 500, "requests a second, all connections together, where latency is measured")
	return bench{"gateway", "the gateway against the preview's own port, and nginx beside it", func(ctx context.Context, b *bed, r *report) error {
		return g.measure(ctx, b, r)
	}}
}

type gatewayRun struct {
	last                  time.Duration
	rounds, workers, rate int
}

// way is one by which the app is asked.
type way struct {
	name    string
	base    string
	host    string // "" is the address's own
	cookie  string
	busy    []loaded
	paced   []loaded
	downMBs []float64
	costUS  []float64 // CPU of previewd and its database, per tiny answer
}

func (w *way) request(ctx context.Context, path string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base+path, http.NoBody)
	if err == nil && w.host != "" {
		req.Host = w.host
		req.Header.Set("Cookie", w.cookie)
	}
	return req, err
}

func (w *way) tiny(ctx context.Context) (*http.Request, error) { return w.request(ctx, "/") }

// bigMB is the size of a large download.
const bigMB = 256

// bothServer answers with a word, and at /big with a stream of zeros.
var bothServer = fmt.Sprintf(`const http = require("node:http");
const { Readable } = require("node:stream");
const piece = Buffer.alloc(1 << 16);
http.createServer((req, res) => {
  if (req.url !== "/big") return res.end("gateway");
  let left = %d * 16;
  res.setHeader("Content-Length", left * piece.length);
  new Readable({ highWaterMark: 1 << 18, read() { while (left > 0) { left--; if (!this.push(piece)) return; } this.push(null); } }).pipe(res);
}).listen(process.env.PORT, "0.0.0.0");
`, bigMB)

func (g gatewayRun) measure(ctx context.Context, b *bed, r *report) error {
	const id = "gateway"
	c := b.user("bench")
	if err := putFiles(ctx, c, id, map[string]string{"server.js": bothServer, "package.json": tinyPackage}); err != nil {
		return err
	}
	_, l, err := launch(ctx, c, id)
	if err != nil {
		return err
	}
	defer func() { _ = c.Stop(context.WithoutCancel(ctx), id) }()
	port := &way{name: "the preview's own port", base: l.BaseURL}
	ours, err := throughGateway(ctx, b.api, l.PreviewURL)
	if err != nil {
		return err
	}
	ways := []*way{port, ours}
	nginx, stop, err := startNginx(ctx, l.BaseURL)
	if err != nil {
		progress("%v; its figures are left out", err)
	} else {
		defer stop()
		ways = append(ways, nginx)
	}
	for i := range g.rounds {
		for _, w := range ways {
			if err := g.round(ctx, b, w); err != nil {
				return fmt.Errorf("by %s: %w", w.name, err)
			}
		}
		progress("%d/%d: %s", i+1, g.rounds, told(ways))
	}
	g.report(r, port, ways[1:])
	return nil
}

func (g gatewayRun) round(ctx context.Context, b *bed, w *way) error {
	before, err := b.cpu()
	if err != nil {
		return err
	}
	busy, err := load(ctx, g.workers, g.last, w.tiny)
	if err != nil {
		return err
	}
	after, err := b.cpu()
	if err != nil {
		return err
	}
	w.costUS = append(w.costUS, float64((after-before).Microseconds())/float64(len(busy.took)))
	paced, err := pacedLoad(ctx, g.workers, g.rate, g.last, w.tiny)
	if err != nil {
		return err
	}
	w.busy, w.paced = append(w.busy, busy), append(w.paced, paced)
	rate, err := w.download(ctx)
	w.downMBs = append(w.downMBs, rate)
	return err
}

func told(ways []*way) string {
	var parts []string
	for _, w := range ways {
		last := len(w.busy) - 1
		parts = append(parts, fmt.Sprintf("%s %.0f/s, p50 %.2f ms, %.0f MB/s", w.name, w.busy[last].perSecond, w.paced[last].quantile(0.5), w.downMBs[last]))
	}
	return strings.Join(parts, "; ")
}

// report compares round by round: what else the machine does changes from one to the next.
func (g gatewayRun) report(r *report, port *way, others []*way) {
	for i, w := range others {
		goal := i == 0 // nginx has none
		var ratio, p50, p99, down []float64
		for n := range w.busy {
			ratio = append(ratio, w.busy[n].perSecond/port.busy[n].perSecond)
			p50 = append(p50, w.paced[n].quantile(0.5)-port.paced[n].quantile(0.5))
			p99 = append(p99, w.paced[n].quantile(0.99)-port.paced[n].quantile(0.99))
			down = append(down, w.downMBs[n]/port.downMBs[n])
		}
		r.series(fmt.Sprintf("%s: tiny answers, share of the port's, %d at once", w.name, g.workers), ratio, "")
		if goal {
			r.atLeast(0.6)
		}
		r.series(fmt.Sprintf("  added at %d requests a second, p50", g.rate), p50, "ms")
		if goal {
			r.atMost(1)
		}
		r.series("  p99", p99, "ms")
		if goal {
			r.atMost(5)
		}
		r.series(fmt.Sprintf("  download of %d MB, share of the port's", bigMB), down, "")
		if goal {
			r.atLeast(0.8)
		}
		if goal {
			r.series("  CPU of previewd and its database per tiny answer", w.costUS, "µs")
		}
		r.series("  tiny answers", rates(w), "req/s")
		r.series("  download", w.downMBs, "MB/s")
	}
	r.series("the preview's own port: tiny answers", rates(port), "req/s")
	r.series("  download", port.downMBs, "MB/s")
}

func rates(w *way) []float64 {
	var all []float64
	for _, l := range w.busy {
		all = append(all, l.perSecond)
	}
	return all
}

// throughGateway shows the token once, as a browser does.
func throughGateway(ctx context.Context, api, address string) (*way, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	w := &way{name: "gateway", base: api, host: u.Host}
	req, err := w.request(ctx, u.RequestURI())
	if err != nil {
		return nil, err
	}
	resp, err := direct.Transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther || len(resp.Cookies()) == 0 {
		return nil, fmt.Errorf("the gateway answers %s to the token", resp.Status)
	}
	cookie := resp.Cookies()[0]
	w.cookie = cookie.Name + "=" + cookie.Value
	return w, nil
}

// download reads the large answer and returns MB a second.
func (w *way) download(ctx context.Context) (float64, error) {
	req, err := w.request(ctx, "/big")
	if err != nil {
		return 0, err
	}
	begin := time.Now()
	resp, err := direct.Transport.RoundTrip(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	n, err := io.Copy(io.Discard, resp.Body)
	if err == nil && n != bigMB<<20 {
		err = errors.New("the download is cut short")
	}
	return float64(n) / (1 << 20) / time.Since(begin).Seconds(), err
}
