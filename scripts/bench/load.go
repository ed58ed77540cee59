package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// loaded is what a number of workers got done, one request after the other each.
type loaded struct {
	perSecond float64
	took      []float64 // milliseconds, sorted
}

// quantile is the share's place among the times: 0.5 is the median.
func (l loaded) quantile(share float64) float64 {
	if len(l.took) == 0 {
		return 0
	}
	return l.took[min(int(share*float64(len(l.took))), len(l.took)-1)]
}

// load sends requests for as long as it is told, and fails with the first that is not answered 200.
func load(ctx context.Context, workers int, last time.Duration, request func(context.Context) (*http.Request, error)) (loaded, error) {
	return pacedLoad(ctx, workers, 0, last, request)
}

// pacedLoad is load at so many requests a second, all workers together; 0 is as many as there can be. A worker that is late does not
// make up for it.
func pacedLoad(ctx context.Context, workers, rate int, last time.Duration, request func(context.Context) (*http.Request, error)) (loaded, error) {
	transport := &http.Transport{MaxIdleConnsPerHost: workers}
	defer transport.CloseIdleConnections()
	until := time.Now().Add(last)
	took, failed := make([][]float64, workers), make([]error, workers)
	var wg sync.WaitGroup
	begin := time.Now()
	for i := range workers {
		wg.Go(func() {
			turn := newTurn(workers, i, rate)
			for failed[i] = turn.wait(ctx); time.Now().Before(until) && failed[i] == nil; failed[i] = errors.Join(failed[i], turn.wait(ctx)) {
				sent := time.Now()
				failed[i] = send(ctx, transport, request)
				took[i] = append(took[i], since(sent))
			}
		})
	}
	wg.Wait()
	all := slices.Sorted(slices.Values(slices.Concat(took...)))
	return loaded{perSecond: float64(len(all)) / time.Since(begin).Seconds(), took: all}, errors.Join(failed...)
}

func send(ctx context.Context, transport http.RoundTripper, request func(context.Context) (*http.Request, error)) error {
	req, err := request(ctx)
	if err != nil {
		return err
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers HTTP %d: %s", req.URL, resp.StatusCode, text)
	}
	return err
}

// turn is when a worker is to send next.
type turn struct{ next, every time.Duration }

func newTurn(workers, worker, rate int) *turn {
	if rate == 0 {
		return &turn{}
	}
	every := time.Duration(workers) * time.Second / time.Duration(rate)
	return &turn{next: every * time.Duration(worker) / time.Duration(workers), every: every}
}

func (t *turn) wait(ctx context.Context) error {
	if t.every == 0 {
		return nil
	}
	begin := time.Now()
	err := pause(ctx, t.next)
	t.next = t.every - max(0, time.Since(begin)-t.next)
	return err
}
