package gateway

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"time"

	"previewd/runtime/preview"
)

// maxVisits is how many requests and streams one preview has at a time. An app that calls itself through the gateway and hides that
// it does ends here.
const maxVisits = 512

// Why a visit is cut off.
var (
	errOver    = errors.New("the preview ended, or the visitor's right to see it did")
	errClosing = errors.New("the gateway closes")
	errCrowded = errors.New("too many requests at once")
)

// visit is one request on its way through the gateway, for as long as its answer or its WebSocket lasts.
type visit struct {
	grant
	host   string
	bound  []byte // of the grant, at the beginning
	cancel context.CancelCauseFunc
}

// allowed reports whether the preview, as it is now, still admits the visit.
func (v *visit) allowed(p preview.Preview, now time.Time) bool {
	return p.Status == preview.Running && bytes.Equal(v.bound, v.grant.bound(p)) && v.holds(p, now)
}

// visits are those under way, by host.
type visits struct {
	mu     sync.Mutex
	byHost map[string]map[*visit]struct{}
	used   map[string]time.Time // previews by id, and when the last visit began or ended
	closed bool
}

func newVisits() *visits {
	return &visits{byHost: map[string]map[*visit]struct{}{}, used: map[string]time.Time{}}
}

func (v *visits) begin(one *visit, now time.Time) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	set := v.byHost[one.host]
	switch {
	case v.closed:
		return errClosing
	case len(set) >= maxVisits:
		return errCrowded
	case set == nil:
		set = map[*visit]struct{}{}
		v.byHost[one.host] = set
	}
	set[one] = struct{}{}
	v.used[one.preview] = now
	return nil
}

func (v *visits) end(one *visit, now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	set := v.byHost[one.host]
	delete(set, one)
	if len(set) == 0 {
		delete(v.byHost, one.host)
	}
	v.used[one.preview] = now
}

// hosts are those with visits under way.
func (v *visits) hosts() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	hosts := make([]string, 0, len(v.byHost))
	for host := range v.byHost {
		hosts = append(hosts, host)
	}
	return hosts
}

// review cuts off those visits of a host that the preview, as it is now, does not admit any more.
func (v *visits) review(host string, p preview.Preview, now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for one := range v.byHost[host] {
		if !one.allowed(p, now) {
			one.cancel(errOver)
		}
	}
}

// uses returns the previews that were used since the last call, those with visits under way among them, and when.
func (v *visits) uses(now time.Time) map[string]time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	used := v.used
	v.used = map[string]time.Time{}
	for _, set := range v.byHost {
		for one := range set {
			used[one.preview] = now
		}
	}
	return used
}

// close cuts off all of them and admits no more.
func (v *visits) close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed = true
	for _, set := range v.byHost {
		for one := range set {
			one.cancel(errClosing)
		}
	}
}

// over cuts off those of a preview that has ended.
func (v *visits) over(host, previewID string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for one := range v.byHost[host] {
		if one.preview == previewID {
			one.cancel(errOver)
		}
	}
}
