package routes

import (
	"previewd/server/config"
	"previewd/server/ratelimit"
)

// limit says which of a user's rates bounds a route.
type limit int

const (
	free limit = iota // none
	launches
	status
	endpoints
	uploads
)

// Limits count what users do. The zero value bounds nothing.
type Limits struct {
	Launches, Status, Endpoints, Uploads ratelimit.Counter
}

// NewLimits returns the counters of the configured rates. Launches are counted in the database; shared makes the others count
// for all replicas, nil leaves them to count for this one.
func NewLimits(c config.Config, budgets ratelimit.LaunchBudgets, shared func(*ratelimit.Limiter) *ratelimit.Limiter) Limits {
	if shared == nil {
		shared = func(l *ratelimit.Limiter) *ratelimit.Limiter { return l }
	}
	return Limits{
		Launches:  ratelimit.Launches{Budgets: budgets, Rate: c.RateLaunch},
		Status:    shared(ratelimit.New("status requests", c.RateStatus, nil)),
		Endpoints: shared(ratelimit.New("requests for endpoints", c.RateEndpoints, nil)),
		Uploads:   shared(ratelimit.New("uploads", c.RateUpload, nil)),
	}
}

// of is nil for a route that no rate bounds.
func (l Limits) of(r route) ratelimit.Counter {
	switch r.limit {
	case launches:
		return l.Launches
	case status:
		return l.Status
	case endpoints:
		return l.Endpoints
	case uploads:
		return l.Uploads
	}
	return nil
}
