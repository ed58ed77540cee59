package api

import "net/http"

// generationList is one page of generations, newest first.
type generationList struct {
	Generations []generationBody `json:"generations"`
	NextCursor  *string          `json:"next_cursor"`
}

// ListGenerations handles GET /generations: the caller's, and everybody's for an admin.
func (a *API) ListGenerations(w http.ResponseWriter, r *http.Request) error {
	who, err := caller(r)
	if err != nil {
		return err
	}
	part, err := pageOf(r)
	if err != nil {
		return err
	}
	list, next, err := a.Generations.Generations(r.Context(), scopeOf(who), part.cursor, part.limit)
	if err != nil {
		return err
	}
	body := generationList{Generations: []generationBody{}, NextCursor: orNull(next)}
	for _, g := range list {
		body.Generations = append(body.Generations, newGenerationBody(g))
	}
	return answer(w, http.StatusOK, body)
}
