package api

import "net/http"

// previewList is one page of previews, newest first.
type previewList struct {
	Previews   []previewBody `json:"previews"`
	NextCursor *string       `json:"next_cursor"`
}

// ListPreviews handles GET /previews: the caller's, and everybody's for an admin.
func (a *API) ListPreviews(w http.ResponseWriter, r *http.Request) error {
	who, err := caller(r)
	if err != nil {
		return err
	}
	part, err := pageOf(r)
	if err != nil {
		return err
	}
	list, next, err := a.Rows.Previews(r.Context(), scopeOf(who), part.cursor, part.limit)
	if err != nil {
		return err
	}
	body := previewList{Previews: []previewBody{}, NextCursor: orNull(next)}
	for _, p := range list {
		body.Previews = append(body.Previews, a.previewBody(r, p))
	}
	return answer(w, http.StatusOK, body)
}
