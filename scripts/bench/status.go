package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"time"

	"previewd/server/auth"
)

// statusBench polls the status of a running preview.
func statusBench(fs *flag.FlagSet) bench {
	last := fs.Duration("status-time", 5*time.Second, "how long each round lasts")
	rounds := fs.Int("status-rounds", 3, "how often")
	workers := fs.Int("status-workers", 16, "clients at once")
	return bench{"status", "the status route of a running preview", func(ctx context.Context, b *bed, r *report) error {
		return measureStatus(ctx, b, r, *rounds, *workers, *last)
	}}
}

func measureStatus(ctx context.Context, b *bed, r *report, rounds, workers int, last time.Duration) error {
	const id = "status"
	_, stop, err := b.runTiny(ctx, id)
	if err != nil {
		return err
	}
	defer stop()
	token, err := auth.Mint([]byte(secret), "bench", time.Hour, false)
	if err != nil {
		return err
	}
	var rates, p50, p99, cost []float64
	for i := range rounds {
		before, err := b.cpu()
		if err != nil {
			return err
		}
		got, err := load(ctx, workers, last, func(ctx context.Context) (*http.Request, error) {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.api+"/api/v1/generations/"+id+"/preview/status", http.NoBody)
			if err == nil {
				req.Header.Set("Authorization", "Bearer "+token)
			}
			return req, err
		})
		if err != nil {
			return err
		}
		after, err := b.cpu()
		if err != nil {
			return err
		}
		progress("%d/%d: %.0f/s", i+1, rounds, got.perSecond)
		cost = append(cost, float64((after-before).Microseconds())/float64(len(got.took)))
		rates, p50, p99 = append(rates, got.perSecond), append(p50, got.quantile(0.5)), append(p99, got.quantile(0.99))
	}
	r.series(fmt.Sprintf("status requests, %d clients at once", workers), rates, "req/s")
	r.atLeast(3000)
	r.series("  p50", p50, "ms")
	r.series("  p99", p99, "ms")
	r.series("  CPU of previewd and its database per request", cost, "µs")
	return nil
}
