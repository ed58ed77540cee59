package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// requestBench sends the same request through previewd and to the preview's own port.
func requestBench(fs *flag.FlagSet) bench {
	last := fs.Duration("request-time", 5*time.Second, "how long each way is measured")
	rounds := fs.Int("request-rounds", 3, "how often, alternating")
	workers := fs.Int("request-workers", 8, "requests at once where throughput is measured")
	return bench{"request", "the request route against the preview's own port", func(ctx context.Context, b *bed, r *report) error {
		return measureRequests(ctx, b, r, *rounds, *workers, *last)
	}}
}

func measureRequests(ctx context.Context, b *bed, r *report, rounds, workers int, last time.Duration) error {
	through, direct, stop, err := b.twoWays(ctx)
	if err != nil {
		return err
	}
	defer stop()
	for _, n := range []int{1, workers} {
		var added, slow, ours, theirs []float64
		for i := range rounds {
			hand, err := load(ctx, n, last, direct)
			if err != nil {
				return err
			}
			mine, err := load(ctx, n, last, through)
			if err != nil {
				return err
			}
			progress("%d/%d, %d at once: previewd %.0f/s, port %.0f/s", i+1, rounds, n, mine.perSecond, hand.perSecond)
			added, slow = append(added, mine.quantile(0.5)-hand.quantile(0.5)), append(slow, mine.quantile(0.99)-hand.quantile(0.99))
			ours, theirs = append(ours, mine.perSecond), append(theirs, hand.perSecond)
		}
		r.series(fmt.Sprintf("added by previewd, p50, %d at once", n), added, "ms")
		if n == 1 { // more than one at a time share the cores with the app, the database and the benchmark
			r.atMost(1)
		}
		r.series("  p99", slow, "ms")
		r.series("  through previewd", ours, "req/s")
		r.series("  to the preview's own port", theirs, "req/s")
	}
	return nil
}

// twoWays runs a tiny server and returns how it is asked through previewd and directly.
func (b *bed) twoWays(ctx context.Context) (through, direct func(context.Context) (*http.Request, error), stop func(), err error) {
	const id = "request"
	l, stop, err := b.runTiny(ctx, id)
	if err != nil {
		return nil, nil, nil, err
	}
	through = func(ctx context.Context) (*http.Request, error) {
		url := b.api + "/api/v1/generations/" + id + "/preview/request"
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(`{"method":"GET","path":"/"}`))
		if err == nil {
			req.Header.Set("X-Preview-Token", l.SessionToken)
		}
		return req, err
	}
	direct = func(ctx context.Context) (*http.Request, error) {
		return http.NewRequestWithContext(ctx, http.MethodGet, l.BaseURL, http.NoBody)
	}
	return through, direct, stop, nil
}
