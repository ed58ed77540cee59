package api

import (
	"context"
	"errors"
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
		if err := a.awaitEnd(r.Context(), p.ID); err != nil {
			return err
		}
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// awaitEnd waits for a preview that another process ends; one of this process has ended when Stop returns.
func (a *API) awaitEnd(ctx context.Context, previewID string) error {
	for {
		p, err := a.Rows.Preview(ctx, previewID)
		if errors.Is(err, preview.ErrPreviewNotFound) { // its generation was deleted meanwhile
			return nil
		}
		if err != nil || !p.Status.Active() {
			return err
		}
		if err := pause(ctx, endEvery); err != nil {
			return err
		}
	}
}
