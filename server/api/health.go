package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
)

// Check asks one thing the service depends on. The detail, of a failure too, and the hint are shown to anybody; the error is
// only logged.
type Check struct {
	Name     string
	Optional bool   // a failure is told and does not make the service unready
	Hint     string // what to do about a failure
	Run      func(ctx context.Context) (detail string, err error)
}

const (
	checkTimeout = 3 * time.Second            // bounds each check
	checkEnd     = checkTimeout + time.Second // after which one that does not heed that is given up
)

// checkBody is the outcome of one check.
type checkBody struct {
	Status     string `json:"status"` // ok, failed, or degraded for an optional one
	Detail     string `json:"detail,omitempty"`
	Hint       string `json:"hint,omitempty"` // of a check that is not ok
	DurationMS int64  `json:"duration_ms"`
}

// readyBody is the answer to a readiness probe.
type readyBody struct {
	Status string               `json:"status"` // ok or unavailable
	Checks map[string]checkBody `json:"checks"`
}

// Live handles GET /livez: the process answers.
func (a *API) Live(w http.ResponseWriter, _ *http.Request) error {
	return answer(w, http.StatusOK, map[string]string{"status": "ok"})
}

// Ready handles GET /readyz: 200 when every check that is not optional passes, else 503.
func (a *API) Ready(w http.ResponseWriter, r *http.Request) error {
	outcomes := make([]checkBody, len(a.Checks))
	var wg sync.WaitGroup
	for i, c := range a.Checks {
		wg.Go(func() { outcomes[i] = a.run(r.Context(), c) })
	}
	wg.Wait()
	body, status := readyBody{Status: "ok", Checks: map[string]checkBody{}}, http.StatusOK
	for i, c := range a.Checks {
		body.Checks[c.Name] = outcomes[i]
		if outcomes[i].Status == "failed" {
			body.Status, status = "unavailable", http.StatusServiceUnavailable
		}
	}
	return answer(w, status, body)
}

func (a *API) run(ctx context.Context, c Check) checkBody {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	began := time.Now()
	detail, err := c.within(ctx)
	body := checkBody{Status: "ok", Detail: detail, DurationMS: time.Since(began).Milliseconds()}
	if err == nil {
		return body
	}
	body.Hint = c.Hint
	log := a.log(ctx).WithFields(logrus.Fields{"check": c.Name, "err": err})
	if c.Optional {
		log.Debug("readiness check failed") // it may be so for good, and probes come every few seconds
		body.Status = "degraded"
		return body
	}
	log.Warn("readiness check failed")
	body.Status = "failed"
	return body
}

// within gives up a check that does not heed the end of ctx: a database that is stuck gives no answer to that either.
func (c Check) within(ctx context.Context) (detail string, err error) {
	done := make(chan struct{})
	var late string
	var failed error
	go func() {
		defer close(done)
		late, failed = c.Run(ctx)
	}()
	select {
	case <-done:
		return late, failed
	case <-time.After(checkEnd):
		return "gives no answer", context.DeadlineExceeded
	}
}
