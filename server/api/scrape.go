package api

import (
	"net/http"

	"previewd/server/problem"
)

// Metrics handles GET /metrics for Prometheus. Only admins may read it here: the API's address is often everybody's,
// and a proxy before it makes all callers look local. They tell how much is launched, by how few, and what fails.
func (a *API) Metrics(w http.ResponseWriter, r *http.Request) error {
	if err := a.onlyAdmin(r); err != nil {
		return err
	}
	if a.Scrape == nil {
		return problem.New(problem.NotFound, "Metrics are served at an address of their own (PREVIEW_METRICS_ADDR).")
	}
	a.Scrape.ServeHTTP(w, r)
	return nil
}
