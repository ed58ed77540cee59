package main

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"previewd/server/client"
)

const (
	pollPause  = 2 * time.Millisecond
	launchTime = 5 * time.Minute
)

// benchLaunch compares POST launch → the app's first 2xx, dependencies cached, with docker run of the same image and
// flags → first 2xx, in alternating pairs.
func benchLaunch(ctx context.Context, b *bed, o options, r *report) error {
	c := b.user("launch")
	if err := b.put(ctx, c, "bench-launch", filepath.Join(o.examples, "express")); err != nil {
		return err
	}
	container, err := b.warmUp(ctx, c, "bench-launch")
	if err != nil {
		return err
	}
	defer container.remove()
	var ours, theirs, ratios []float64
	stages := map[string][]float64{}
	for i := range o.pairs {
		mine, timings, err := timedLaunch(ctx, c, "bench-launch")
		if err != nil {
			return err
		}
		docker, err := container.timedRun(ctx, 23300+i%50)
		if err != nil {
			return err
		}
		ours, theirs, ratios = append(ours, mine), append(theirs, docker), append(ratios, mine/docker)
		for stage, ms := range timings {
			stages[stage] = append(stages[stage], float64(ms))
		}
		progress("launch %d/%d: previewd %.0f ms, docker run %.0f ms", i+1, o.pairs, mine, docker)
	}
	r.add("launch to first 2xx, median", median(ours), "ms")
	r.add("docker run to first 2xx, median", median(theirs), "ms")
	r.atMost("launch ÷ docker run, median of pairs", median(ratios), "", 1.1)
	for _, stage := range []string{"queued", "fetching", "detecting", "installing", "creating", "booting", "total"} {
		r.add("  stage "+stage+", median", median(stages[stage]), "ms")
	}
	return nil
}

// warmUp launches once, so that dependencies are cached, and makes an image of what ran for docker run.
func (b *bed) warmUp(ctx context.Context, c *client.Client, id string) (*twin, error) {
	progress("installing the dependencies of %s once", id)
	if _, _, err := launchOnly(ctx, c, id); err != nil {
		return nil, err
	}
	t, err := makeTwin(ctx, id)
	if err != nil {
		return nil, err
	}
	return t, c.Stop(ctx, id)
}

// timedLaunch launches, waits for a 2xx, and stops the preview again. Times are milliseconds.
func timedLaunch(ctx context.Context, c *client.Client, id string) (ms float64, stages map[string]int64, err error) {
	ms, _, err = launchOnly(ctx, c, id)
	if err != nil {
		return 0, nil, err
	}
	status, err := awaitRunning(ctx, c, id)
	if err != nil {
		return 0, nil, err
	}
	return ms, status.Timings, c.Stop(ctx, id)
}

func launchOnly(ctx context.Context, c *client.Client, id string) (ms float64, l client.Launched, err error) {
	ctx, cancel := context.WithTimeout(ctx, launchTime)
	defer cancel()
	begin := time.Now()
	l, err = c.Launch(ctx, id, client.LaunchRequest{ProjectID: "bench"})
	if err != nil {
		return 0, l, err
	}
	if err := await2xx(ctx, l.BaseURL); err != nil {
		status, _ := c.Status(context.WithoutCancel(ctx), id)
		return 0, l, fmt.Errorf("%w; status %s %s %s", err, status.Status, status.Reason, status.Message)
	}
	return float64(time.Since(begin).Microseconds()) / 1000, l, nil
}

func awaitRunning(ctx context.Context, c *client.Client, id string) (client.Status, error) {
	for {
		s, err := c.Status(ctx, id)
		switch {
		case err != nil:
			return s, err
		case s.Status == "running":
			return s, nil
		case s.Status != "starting":
			return s, fmt.Errorf("preview %s: %s %s", s.Status, s.Reason, s.Message)
		}
		if err := pause(ctx, 5*time.Millisecond); err != nil {
			return s, err
		}
	}
}

var direct = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 30 * time.Second}

func await2xx(ctx context.Context, url string) error {
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		if resp, err := direct.Do(req); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode/100 == 2 {
				return nil
			}
		}
		if err := pause(ctx, pollPause); err != nil {
			return fmt.Errorf("no 2xx from %s: %w", url, err)
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
