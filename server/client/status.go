package client

import (
	"context"
	"net/http"
	"time"

	"previewd/runtime/preview"
)

// Status is the state of a generation's latest preview.
type Status struct {
	ID             string           `json:"id"`
	GenerationID   string           `json:"generation_id"`
	UserID         string           `json:"user_id"`
	Status         preview.Status   `json:"status"`
	Phase          preview.Phase    `json:"phase,omitempty"`
	Reason         preview.Code     `json:"reason,omitempty"`
	Message        string           `json:"message,omitempty"`
	Hint           string           `json:"hint,omitempty"`
	ExitCode       *int             `json:"exit_code,omitempty"`
	Port           int              `json:"port"`
	BaseURL        string           `json:"base_url"`
	PreviewURL     string           `json:"preview_url"`
	Framework      string           `json:"framework"`
	Health         preview.Health   `json:"health"`
	UptimeSeconds  float64          `json:"uptime_seconds"`
	MemoryUsageMB  float64          `json:"memory_usage_mb"`
	MemoryLimitMB  float64          `json:"memory_limit_mb"`
	CPUPercent     float64          `json:"cpu_usage_percent"`
	EndpointsCount int              `json:"endpoints_count"`
	StartedAt      *time.Time       `json:"started_at"`
	ExpiresAt      *time.Time       `json:"expires_at"`
	Timings        map[string]int64 `json:"timings,omitempty"` // milliseconds by phase
}

// Status returns the state of the generation's latest preview. PREVIEW_NOT_FOUND when there never was one.
func (c *Client) Status(ctx context.Context, generationID string) (Status, error) {
	var s Status
	err := c.do(ctx, call{
		method: http.MethodGet,
		path:   []string{"generations", generationID, "preview", "status"},
		out:    &s,
	})
	return s, err
}

// Stop ends the generation's preview. Ending it twice is no error.
func (c *Client) Stop(ctx context.Context, generationID string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: []string{"generations", generationID, "preview"}})
}
