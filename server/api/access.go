package api

import (
	"context"
	"errors"
	"net/http"

	"previewd/runtime/preview"
	"previewd/server/auth"
	"previewd/server/problem"
)

// caller is who sent the request. The router lets nobody through unverified; this is the second lock.
func caller(r *http.Request) (auth.Identity, error) {
	id, ok := auth.From(r.Context())
	if !ok {
		return auth.Identity{}, problem.New(problem.InvalidToken, "")
	}
	return id, nil
}

// onlyAdmin refuses everybody else. Where nobody is asked for a token there is nobody to tell apart.
func (a *API) onlyAdmin(r *http.Request) error {
	who, err := caller(r)
	if err == nil && !who.Admin && !a.Config.Insecure {
		return problem.New(problem.PermissionDenied, "This is for admins: the token needs admin in its scope.")
	}
	return err
}

// generationID is the checked id of the path.
func generationID(r *http.Request) (string, error) {
	id := r.PathValue(GenerationID)
	if !preview.ValidID(id) {
		return "", problem.New(problem.InvalidRequest, "generation_id: want 1-128 characters of A-Z, a-z, 0-9, dot, underscore and hyphen")
	}
	return id, nil
}

// ownGeneration is the generation of the path, which the caller may handle.
func (a *API) ownGeneration(r *http.Request) (preview.Generation, auth.Identity, error) {
	who, err := caller(r)
	if err != nil {
		return preview.Generation{}, who, err
	}
	id, err := generationID(r)
	if err != nil {
		return preview.Generation{}, who, err
	}
	g, err := a.Generations.Generation(r.Context(), id)
	if err == nil && !who.May(g.UserID) {
		err = preview.ErrPermissionDenied
	}
	return g, who, err
}

// ownPreview is the latest preview of the path's generation, which the caller may handle.
func (a *API) ownPreview(r *http.Request) (preview.Preview, error) {
	who, err := caller(r)
	if err != nil {
		return preview.Preview{}, err
	}
	id, err := generationID(r)
	if err != nil {
		return preview.Preview{}, err
	}
	p, err := a.Rows.LatestPreview(r.Context(), id)
	if errors.Is(err, preview.ErrPreviewNotFound) {
		return p, a.whyNone(r.Context(), who, id, err)
	}
	if err == nil && !who.May(p.UserID) {
		err = preview.ErrPermissionDenied
	}
	return p, err
}

// whyNone tells a generation without a preview from one that is unknown or somebody else's.
func (a *API) whyNone(ctx context.Context, who auth.Identity, id string, none error) error {
	g, err := a.Generations.Generation(ctx, id)
	switch {
	case err != nil:
		return err
	case !who.May(g.UserID):
		return preview.ErrPermissionDenied
	}
	return none
}

// scopeOf is whose rows a list shows: "" is everybody's.
func scopeOf(who auth.Identity) string {
	if who.Admin {
		return ""
	}
	return who.User
}
