package api

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"previewd/runtime/preview"
	"previewd/server/problem"
)

// How long a shared link opens a preview.
const (
	shareTime    = time.Hour
	maxShareTime = 24 * time.Hour
)

// sharedBody is a link for others.
type sharedBody struct {
	URL       string    `json:"url"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Share handles POST /generations/{generation_id}/preview/share: an address that opens the preview in a browser, whoever has it, for
// ttl_seconds from now or until the preview ends. It opens the app and nothing else of the preview.
func (a *API) Share(w http.ResponseWriter, r *http.Request) error {
	p, err := a.ownPreview(r)
	if err != nil {
		return err
	}
	given, err := readOptionalObject(w, r, maxJSONBody)
	if err != nil {
		return err
	}
	ttl := given.whole("ttl_seconds")
	if err := given.problem(); err != nil {
		return err
	}
	last := shareTime
	if ttl != nil {
		if last = time.Duration(*ttl) * time.Second; *ttl < 1 || *ttl > int(maxShareTime/time.Second) {
			return invalid("ttl_seconds", fmt.Sprintf("want 1 to %d", maxShareTime/time.Second))
		}
	}
	if p.Status != preview.Starting && p.Status != preview.Running {
		return problem.NotRunning(p)
	}
	until := a.Now().Add(last).Truncate(time.Second)
	return answer(w, http.StatusOK, sharedBody{URL: a.Links.Shared(p, until), ExpiresAt: until.UTC()})
}

// RevokeShares handles DELETE /generations/{generation_id}/preview/share: no link that was made so far opens the preview any more, and
// who came by one is cut off within a second. It answers the same for a preview that has ended, and its links with it.
func (a *API) RevokeShares(w http.ResponseWriter, r *http.Request) error {
	p, err := a.ownPreview(r)
	if err != nil {
		return err
	}
	_, err = a.Sessions.RevokeShares(r.Context(), p.ID)
	if _, ended := errors.AsType[*preview.TransitionError](err); err != nil && !ended {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
