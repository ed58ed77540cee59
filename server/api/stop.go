package api

import (
	"net/http"

	"previewd/runtime/preview"
)

// Stop handles DELETE /generations/{generation_id}/preview. It answers when the preview is gone, and the same for
// one that had ended before.
func (a *API) Stop(w http.ResponseWriter, r *http.Request) error {
	p, err := a.ownPreview(r)
	if err != nil {
		return err
	}
	if p.Status.Active() {
		if err := a.Previews.Stop(r.Context(), p.GenerationID, preview.User); err != nil {
			return err
		}
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
