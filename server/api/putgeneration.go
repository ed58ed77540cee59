package api

import (
	"errors"
	"fmt"
	"net/http"

	"previewd/runtime/detect"
	"previewd/runtime/preview"
	"previewd/runtime/source"
	"previewd/server/auth"
)

// PutGeneration handles PUT /generations/{generation_id}: the files of a project, replacing those it had. It
// answers 201 for a new generation and 200 for a replaced one.
func (a *API) PutGeneration(w http.ResponseWriter, r *http.Request) error {
	who, err := caller(r)
	if err != nil {
		return err
	}
	id, err := generationID(r)
	if err != nil {
		return err
	}
	owner, err := a.ownerToBe(r, who, id)
	if err != nil {
		return err
	}
	up, err := a.newUpload(w, r)
	if err != nil {
		return err
	}
	stored, err := a.store(r, up, preview.Generation{ID: id, UserID: owner})
	if err != nil {
		return err
	}
	status := http.StatusOK
	if stored.CreatedAt.Equal(stored.UpdatedAt) {
		status = http.StatusCreated
	}
	return answer(w, status, newGenerationBody(stored))
}

// ownerToBe refuses another user's generation before its body is read. What an admin replaces stays its owner's.
func (a *API) ownerToBe(r *http.Request, who auth.Identity, id string) (string, error) {
	g, err := a.Generations.Generation(r.Context(), id)
	switch {
	case errors.Is(err, preview.ErrGenerationNotFound):
		return who.User, nil
	case err != nil:
		return "", err
	case !who.May(g.UserID):
		return "", preview.ErrPermissionDenied
	}
	return g.UserID, nil
}

// store unpacks the upload and keeps it. Few do so at a time, for each holds all its files in memory.
func (a *API) store(r *http.Request, up upload, g preview.Generation) (preview.Generation, error) {
	select {
	case a.uploads <- struct{}{}:
		defer func() { <-a.uploads }()
	case <-r.Context().Done():
		return g, fmt.Errorf("wait for a slot to unpack in: %w", r.Context().Err())
	}
	tree, projectID, err := up.read()
	if err != nil {
		return g, err
	}
	archive, err := tree.Archive()
	if err != nil {
		return g, fmt.Errorf("pack generation: %w", err)
	}
	files := tree.Files()
	g.ProjectID, g.Files, g.Bytes, g.Digest = projectID, len(files), tree.Bytes(), tree.Digest()
	g.Runtime, g.Framework = a.recognise(tree)
	return a.Generations.PutGeneration(r.Context(), g, archive, files)
}

// recognise tells what the files look like. A launch decides anew, so nothing recognised is no error here.
func (a *API) recognise(tree *source.Tree) (preview.Runtime, string) {
	plan, err := detect.Detect(tree.FS(), detect.Options{BaseDomain: a.Config.BaseDomain})
	if err != nil {
		return "", ""
	}
	return plan.Runtime, plan.Framework
}
