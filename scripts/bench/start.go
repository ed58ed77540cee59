package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

const (
	pollPause  = 2 * time.Millisecond
	launchTime = 5 * time.Minute
	maxBody    = 1 << 20
)

// launch posts a launch that answers when the preview runs, and asks the app until its first 2xx, in milliseconds.
func launch(ctx context.Context, c *client.Client, id string) (ms float64, l client.Launched, err error) {
	ctx, cancel := context.WithTimeout(ctx, launchTime)
	defer cancel()
	begin := time.Now()
	if l, err = c.Launch(ctx, id, client.LaunchRequest{ProjectID: "bench", Wait: true}); err != nil {
		return 0, l, err
	}
	if l.Status != string(preview.Running) {
		s, err := c.Status(ctx, id)
		return 0, l, errors.Join(fmt.Errorf("preview %s: %s %s", s.Status, s.Reason, s.Message), err)
	}
	_, err = await2xx(ctx, l.BaseURL)
	return since(begin), l, err
}

// runTiny runs a tiny server as a user's only preview, until stop is called.
func (b *bed) runTiny(ctx context.Context, id string) (l client.Launched, stop func(), err error) {
	c := b.user("bench")
	if err = putFiles(ctx, c, id, map[string]string{"server.js": fmt.Sprintf(tinyServer, id), "package.json": tinyPackage}); err != nil {
		return l, nil, err
	}
	_, l, err = launch(ctx, c, id)
	return l, func() { _ = c.Stop(context.WithoutCancel(ctx), id) }, err
}

var direct = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 30 * time.Second}

// await2xx asks until the answer is a 2xx, whose body it returns.
func await2xx(ctx context.Context, url string) (body []byte, err error) {
	for {
		if body, err = get(ctx, url); err == nil {
			return body, nil
		}
		if pause(ctx, pollPause) != nil {
			return nil, fmt.Errorf("no 2xx from %s: %w", url, context.Cause(ctx))
		}
	}
}

func get(ctx context.Context, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := direct.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return nil, fmt.Errorf("HTTP %d", resp.StatusCode)
	}
	return io.ReadAll(io.LimitReader(resp.Body, maxBody))
}

func since(begin time.Time) float64 { return float64(time.Since(begin).Microseconds()) / 1000 }

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
