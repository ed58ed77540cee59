package api

import (
	"context"
	"math"
	"net/http"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
)

// usageTimeout bounds the reading of an instance's statistics: a status without them beats none.
const usageTimeout = 3 * time.Second

// statusBody is the answer to a status request.
type statusBody struct {
	previewBody
	UptimeSeconds   int64           `json:"uptime_seconds"`
	MemoryUsageMB   float64         `json:"memory_usage_mb"`
	CPUUsagePercent float64         `json:"cpu_usage_percent"`
	EndpointsCount  int             `json:"endpoints_count"`
	Timings         preview.Timings `json:"timings"` // milliseconds
	Cached          bool            `json:"cached"`  // the dependencies were there already
}

// Status handles GET /generations/{generation_id}/preview/status.
func (a *API) Status(w http.ResponseWriter, r *http.Request) error {
	p, err := a.ownPreview(r)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, a.statusBody(r, p))
}

func (a *API) statusBody(r *http.Request, p preview.Preview) statusBody {
	body := statusBody{
		previewBody: a.previewBody(r, p), UptimeSeconds: a.uptime(p), EndpointsCount: p.EndpointsCount, Timings: p.Timings, Cached: p.Cached,
	}
	if body.Timings == nil {
		body.Timings = preview.Timings{}
	}
	if p.Status == preview.Running {
		stats := a.usage(r.Context(), p)
		body.MemoryUsageMB = hundredths(float64(stats.MemoryBytes) / (1 << 20))
		body.CPUUsagePercent = hundredths(stats.CPUPercent)
	}
	return body
}

// usage is zero where the engine does not tell.
func (a *API) usage(ctx context.Context, p preview.Preview) preview.Stats {
	ctx, cancel := context.WithTimeout(ctx, usageTimeout)
	defer cancel()
	stats, err := a.Previews.Usage(ctx, p)
	if err != nil {
		a.log(ctx).WithFields(logrus.Fields{"preview_id": p.ID, "err": err}).Debug("no statistics")
		return preview.Stats{}
	}
	return stats
}

// uptime is how long the app's process has run, or had run when the preview ended, in seconds.
func (a *API) uptime(p preview.Preview) int64 {
	if p.StartedAt == nil {
		return 0
	}
	until := a.Now()
	if p.EndedAt != nil {
		until = *p.EndedAt
	}
	return max(0, int64(until.Sub(*p.StartedAt)/time.Second))
}

func hundredths(n float64) float64 {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return 0 // JSON has neither
	}
	return math.Round(n*100) / 100
}
