package api

import (
	"errors"
	"net/http"
	"time"

	"previewd/runtime/preview"
)

// configBody is the answer to a config request. Without an active preview port is 0 and base_url "".
type configBody struct {
	Port                       int    `json:"port"`
	BaseURL                    string `json:"base_url"`
	SessionTimeoutSeconds      int    `json:"session_timeout_seconds"`
	MaxUptimeSeconds           int    `json:"max_uptime_seconds"`
	MemoryLimitMB              int    `json:"memory_limit_mb"`
	StartupTimeoutSeconds      int    `json:"startup_timeout_seconds"`
	HealthCheckRetries         int    `json:"health_check_retries"`
	HealthCheckIntervalSeconds int    `json:"health_check_interval_seconds"`

	IdleTimeoutSeconds    int `json:"idle_timeout_seconds"` // 0 is never
	RequestTimeoutSeconds int `json:"request_timeout_seconds"`
	RequestMaxResponseKB  int `json:"request_max_response_kb"`

	ExpiresAt   *time.Time `json:"expires_at"` // with the next: null without an active preview
	TokenExpiry *time.Time `json:"token_expiry"`
}

// PreviewConfig handles GET /generations/{generation_id}/preview/config: what the latest preview runs with, or
// what a next one would.
func (a *API) PreviewConfig(w http.ResponseWriter, r *http.Request) error {
	g, _, err := a.ownGeneration(r)
	if err != nil {
		return err
	}
	p, err := a.Rows.LatestPreview(r.Context(), g.ID)
	if err != nil && !errors.Is(err, preview.ErrPreviewNotFound) {
		return err
	}
	known := a.previewBody(r, p)
	body := configBody{
		Port: known.Port, BaseURL: known.BaseURL, MemoryLimitMB: known.MemoryLimitMB,
		SessionTimeoutSeconds:      int(a.Config.SessionTimeout),
		MaxUptimeSeconds:           int(a.Config.MaxUptime),
		StartupTimeoutSeconds:      int(a.Config.StartupTimeout),
		HealthCheckRetries:         a.Config.HealthRetries,
		HealthCheckIntervalSeconds: int(a.Config.HealthInterval),
		IdleTimeoutSeconds:         int(a.Config.IdleTimeout),
		RequestTimeoutSeconds:      int(a.Config.RequestTimeout),
		RequestMaxResponseKB:       a.Config.MaxResponseKB,
	}
	if p.Status.Active() {
		body.ExpiresAt, body.TokenExpiry = utc(&p.ExpiresAt), utc(&p.TokenExpiry)
	}
	if p.Request.StartupTimeoutSeconds > 0 {
		body.StartupTimeoutSeconds = p.Request.StartupTimeoutSeconds
	}
	return answer(w, http.StatusOK, body)
}
