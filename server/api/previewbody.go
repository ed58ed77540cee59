package api

import (
	"cmp"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strconv"
	"time"

	"previewd/runtime/preview"
)

// previewBody is what every answer about a preview tells.
type previewBody struct {
	ID           string          `json:"id"`
	GenerationID string          `json:"generation_id"`
	UserID       string          `json:"user_id"`
	ProjectID    string          `json:"project_id"`
	Status       preview.Status  `json:"status"`
	Phase        *preview.Phase  `json:"phase"` // null unless starting
	Health       preview.Health  `json:"health"`
	Port         int             `json:"port"`     // 0 after the end
	BaseURL      string          `json:"base_url"` // "" after the end
	PreviewURL   string          `json:"preview_url"`
	Runtime      preview.Runtime `json:"runtime"` // "" until detected
	Framework    string          `json:"framework"`
	Command      string          `json:"command"`

	MemoryLimitMB int `json:"memory_limit_mb"`

	CreatedAt time.Time  `json:"created_at"`
	StartedAt *time.Time `json:"started_at"` // null until the app's process was started
	EndedAt   *time.Time `json:"ended_at"`
	ExpiresAt time.Time  `json:"expires_at"`

	Reason   *preview.Code     `json:"reason"` // with the next four: null until the preview ends
	Message  *string           `json:"message"`
	Hint     *string           `json:"hint"`
	ExitCode *int              `json:"exit_code"`
	Evidence *preview.Evidence `json:"evidence"`
}

func (a *API) previewBody(r *http.Request, p preview.Preview) previewBody {
	b := previewBody{
		ID: p.ID, GenerationID: p.GenerationID, UserID: p.UserID, ProjectID: p.ProjectID,
		Status: p.Status, Health: p.Health, Runtime: p.Runtime, Framework: p.Framework, Command: p.Command,
		MemoryLimitMB: a.memoryLimit(p),
		CreatedAt:     p.CreatedAt.UTC(), StartedAt: utc(p.StartedAt), EndedAt: utc(p.EndedAt), ExpiresAt: p.ExpiresAt.UTC(),
	}
	if p.Status == preview.Starting {
		b.Phase = orNull(p.Phase)
	}
	if p.Status.Active() && p.Port != 0 {
		b.Port, b.BaseURL = p.Port, a.baseURL(r, p)
		b.PreviewURL = a.Links.Address(p)
	}
	if p.Reason != nil {
		b.Reason, b.Message, b.Hint = &p.Reason.Code, &p.Reason.Message, orNull(p.Reason.Hint)
		b.ExitCode, b.Evidence = p.Reason.ExitCode, p.Reason.Evidence
	}
	return b
}

func (a *API) memoryLimit(p preview.Preview) int {
	if p.MemoryLimitMB > 0 {
		return p.MemoryLimitMB
	}
	return a.Config.MemoryLimitMB
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

// baseURL is where a client reaches a published port: on the machine that the preview is on, at the bind address, or, where ports are published on
// every address, at the host by which the client reached the API.
func (a *API) baseURL(r *http.Request, p preview.Preview) string {
	host := a.Config.BindAddr
	if addr, err := netip.ParseAddr(host); err == nil && addr.IsUnspecified() {
		host = requestHost(r)
	}
	return "http://" + net.JoinHostPort(cmp.Or(p.NodeHost, host), strconv.Itoa(p.Port))
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$`)

// requestHost is the host of the request without its port. Anybody can send any Host header.
func requestHost(r *http.Request) string {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	} else if addr, err := netip.ParseAddrPort(host + ":0"); err == nil { // a bare IPv6 address in brackets
		host = addr.Addr().String()
	}
	if _, err := netip.ParseAddr(host); err != nil && !hostName.MatchString(host) {
		return "127.0.0.1"
	}
	return host
}
