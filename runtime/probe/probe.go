// Package probe asks a starting app over HTTP until it gives any answer at all. Real apps answer "/" with 404,
// 500, 302 or 503: each of them means the app is up.
package probe

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Polling starts short, because some apps answer at once, and slows down for those that don't.
const (
	firstPause = 5 * time.Millisecond
	longPause  = 100 * time.Millisecond
)

// Target is where the host reaches an instance.
type Target struct {
	Host string
	Port int
	Path string // "" is "/"
	// Listens delivers a value when the target is known to have begun to listen: it is asked at once then. It may be nil.
	Listens <-chan struct{}
}

// URL is the address that is asked.
func (t Target) URL() string {
	path := t.Path
	if path == "" {
		path = "/"
	}
	return "http://" + net.JoinHostPort(t.Host, strconv.Itoa(t.Port)) + path
}

// Prober asks targets. It keeps no connection open, so that an idle app stays idle.
type Prober struct{ client *http.Client }

// New returns a Prober.
func New() *Prober {
	return &Prober{client: &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Wait asks until the target gives an HTTP answer, whose status it returns, or ctx ends. A request that was
// accepted is given all the time there is: dev servers compile on the first one.
func (p *Prober) Wait(ctx context.Context, t Target) (status int, err error) {
	pause := firstPause
	for {
		status, err = p.Ask(ctx, t)
		if err == nil {
			return status, nil
		}
		hinted, ok := wait(ctx, pause, t.Listens)
		switch {
		case !ok:
			return 0, errors.Join(context.Cause(ctx), err)
		case hinted:
			pause = firstPause
		default:
			pause = min(pause*5/4, longPause)
		}
	}
}

// Ask sends one GET and returns the status of the answer.
func (p *Prober) Ask(ctx context.Context, t Target) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.URL(), nil)
	if err != nil {
		return 0, err
	}
	req.Header.Set("User-Agent", "previewd-probe")
	req.Header.Set("Accept", "text/html, */*;q=0.8")
	resp, err := p.client.Do(req)
	if err != nil {
		return 0, err
	}
	_ = resp.Body.Close()
	return resp.StatusCode, nil
}

// wait returns after the pause, or sooner by a hint. ok is false when ctx ended before.
func wait(ctx context.Context, pause time.Duration, hint <-chan struct{}) (hinted, ok bool) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false, false
	case <-hint:
		return true, true
	case <-timer.C:
		return false, true
	}
}
