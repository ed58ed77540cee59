package api

import (
	"net/http"

	"previewd/runtime/preview"
)

// fileList is every file of a generation. Their number is bounded, so there is one page.
type fileList struct {
	Files      []preview.FileInfo `json:"files"`
	NextCursor *string            `json:"next_cursor"`
}

// ListFiles handles GET /generations/{generation_id}/files.
func (a *API) ListFiles(w http.ResponseWriter, r *http.Request) error {
	g, _, err := a.ownGeneration(r)
	if err != nil {
		return err
	}
	files, err := a.Generations.GenerationFiles(r.Context(), g.ID)
	if err != nil {
		return err
	}
	if files == nil {
		files = []preview.FileInfo{}
	}
	return answer(w, http.StatusOK, fileList{Files: files})
}
