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

// NewLimits returns the counters of the configured rates. Launches are counted in the database, the others here.
func NewLimits(c config.Config, budgets ratelimit.LaunchBudgets) Limits {
	return Limits{
		Launches:  ratelimit.Launches{Budgets: budgets, Rate: c.RateLaunch},
		Status:    ratelimit.New("status requests", c.RateStatus, nil),
		Endpoints: ratelimit.New("requests for endpoints", c.RateEndpoints, nil),
		Uploads:   ratelimit.New("uploads", c.RateUpload, nil),
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
