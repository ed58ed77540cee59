package api

import (
	"time"

	"previewd/runtime/preview"
)

// generationBody describes a generation without its files.
type generationBody struct {
	ID        string          `json:"id"`
	UserID    string          `json:"user_id"`
	ProjectID string          `json:"project_id"`
	Files     int             `json:"files"`
	Bytes     int64           `json:"bytes"` // unpacked
	Digest    string          `json:"digest"`
	Framework string          `json:"framework"` // "" where nothing was recognised
	Runtime   preview.Runtime `json:"runtime"`
	CreatedAt time.Time       `json:"created_at"`
	UpdatedAt time.Time       `json:"updated_at"`
}

func newGenerationBody(g preview.Generation) generationBody {
	return generationBody{
		ID: g.ID, UserID: g.UserID, ProjectID: g.ProjectID, Files: g.Files, Bytes: g.Bytes, Digest: g.Digest,
		Framework: g.Framework, Runtime: g.Runtime, CreatedAt: g.CreatedAt.UTC(), UpdatedAt: g.UpdatedAt.UTC(),
	}
}
