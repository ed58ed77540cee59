package api

import (
	"errors"
	"net/http"

	"previewd/runtime/preview"
)

// DeleteGeneration handles DELETE /generations/{generation_id}. Its preview is stopped first.
func (a *API) DeleteGeneration(w http.ResponseWriter, r *http.Request) error {
	g, _, err := a.ownGeneration(r)
	if err != nil {
		return err
	}
	err = a.Previews.Stop(r.Context(), g.ID, preview.User)
	if err != nil && !errors.Is(err, preview.ErrPreviewNotFound) {
		return err
	}
	if err := a.Generations.DeleteGeneration(r.Context(), g.ID); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
