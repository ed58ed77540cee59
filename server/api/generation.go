package api

import "net/http"

// GetGeneration handles GET /generations/{generation_id}.
func (a *API) GetGeneration(w http.ResponseWriter, r *http.Request) error {
	g, _, err := a.ownGeneration(r)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, newGenerationBody(g))
}
