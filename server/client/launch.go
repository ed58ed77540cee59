package client

import (
	"context"
	"net/http"
	"time"
)

// LaunchRequest asks for a preview. Zero values leave the choice to the server.
type LaunchRequest struct {
	ProjectID string            `json:"project_id"`
	Timeout   int               `json:"timeout,omitempty"` // seconds from the app's start to its first answer
	Env       map[string]string `json:"env,omitempty"`
	SecretEnv map[string]string `json:"secret_env,omitempty"` // its values are kept out of the log
	MemoryMB  int               `json:"memory_mb,omitempty"`
	Command   string            `json:"command,omitempty"`
	Wait      bool              `json:"wait,omitempty"` // answer only when the preview runs or has failed
}

// Launched is a preview that has been accepted. SessionToken is told here and never again.
type Launched struct {
	ID           string    `json:"id"`
	GenerationID string    `json:"generation_id"`
	UserID       string    `json:"user_id"`
	ProjectID    string    `json:"project_id"`
	Status       string    `json:"status"`
	Port         int       `json:"port"`
	BaseURL      string    `json:"base_url"`
	PreviewURL   string    `json:"preview_url"`
	SessionToken string    `json:"session_token"`
	CreatedAt    time.Time `json:"created_at"`
	TokenExpiry  time.Time `json:"token_expiry"`
	ExpiresAt    time.Time `json:"expires_at"`
}

// Launch starts a preview of a generation and replaces the one that runs, if any.
func (c *Client) Launch(ctx context.Context, generationID string, r LaunchRequest) (Launched, error) {
	body, header, err := jsonBody(r)
	if err != nil {
		return Launched{}, err
	}
	var l Launched
	err = c.do(ctx, call{
		method: http.MethodPost,
		path:   []string{"generations", generationID, "preview", "launch"},
		header: header,
		body:   body,
		out:    &l,
	})
	return l, err
}
