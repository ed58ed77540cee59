package api

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"previewd/runtime/endpoints"
	"previewd/runtime/preview"
)

// Endpoints handles GET /generations/{generation_id}/preview/endpoints: what the app serves, from its files and, while it runs,
// from the app itself.
func (a *API) Endpoints(w http.ResponseWriter, r *http.Request) error {
	wanted, err := endpointFilterOf(r)
	if err != nil {
		return err
	}
	g, _, err := a.ownGeneration(r)
	if err != nil {
		return err
	}
	latest, err := a.Rows.LatestPreview(r.Context(), g.ID)
	p := &latest
	switch {
	case errors.Is(err, preview.ErrPreviewNotFound):
		p = nil
	case err != nil:
		return err
	}
	listing, err := a.Catalog.List(r.Context(), g, p)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, newEndpointList(listing, wanted))
}

const maxFilter = 200 // bytes

// endpointFilter is which endpoints are asked for; "" is any.
type endpointFilter struct{ tag, method string }

func endpointFilterOf(r *http.Request) (endpointFilter, error) {
	tag, err := one(r, "tag")
	if err != nil {
		return endpointFilter{}, err
	}
	method, err := one(r, "method")
	if err != nil {
		return endpointFilter{}, err
	}
	for name, text := range map[string]string{"tag": tag, "method": method} {
		if len(text) > maxFilter {
			return endpointFilter{}, invalid(name, "is too long")
		}
	}
	return endpointFilter{tag: tag, method: strings.ToUpper(method)}, nil
}

// matches also takes an endpoint that answers every method.
func (f endpointFilter) matches(e endpoints.Endpoint) bool {
	if f.method != "" && f.method != e.Method && e.Method != endpoints.AnyMethod {
		return false
	}
	return f.tag == "" || slices.Contains(e.Tags, f.tag)
}
