package api

import (
	"context"
	"errors"
	"net/http"

	"previewd/runtime/preview"
)

// DeleteGeneration handles DELETE /generations/{generation_id}. Its preview is stopped first, and one that it replaced
// may still be stopping: the answer waits for both.
func (a *API) DeleteGeneration(w http.ResponseWriter, r *http.Request) error {
	g, _, err := a.ownGeneration(r)
	if err != nil {
		return err
	}
	err = a.stopAndDelete(r.Context(), g.ID)
	for errors.Is(err, preview.ErrGenerationActive) && pause(r.Context(), endEvery) == nil {
		err = a.stopAndDelete(r.Context(), g.ID)
	}
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (a *API) stopAndDelete(ctx context.Context, generationID string) error {
	err := a.Previews.Stop(ctx, generationID, preview.User)
	if err != nil && !errors.Is(err, preview.ErrPreviewNotFound) {
		return err
	}
	return a.Generations.DeleteGeneration(ctx, generationID)
}
