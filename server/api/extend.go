package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"previewd/runtime/preview"
	"previewd/server/problem"
)

// maxDuration is the longest extension that makes sense, seconds: that of the longest uptime that can be configured.
const maxDuration = 30 * 24 * 60 * 60

// extendBody is the answer to an extension.
type extendBody struct {
	statusBody
	TokenExpiry time.Time `json:"token_expiry"`
}

// Extend handles POST /generations/{generation_id}/preview/extend: the preview and its session token live for duration
// seconds from now, or as long as they would have anyway. Without a duration it is the session timeout; more than the
// maximum uptime is cut to it.
func (a *API) Extend(w http.ResponseWriter, r *http.Request) error {
	p, err := a.ownPreview(r)
	if err != nil {
		return err
	}
	given, err := readOptionalObject(w, r, maxJSONBody)
	if err != nil {
		return err
	}
	duration := given.whole("duration")
	if err := given.problem(); err != nil {
		return err
	}
	if duration != nil && (*duration < 1 || *duration > maxDuration) {
		return invalid("duration", fmt.Sprintf("want 1 to %d seconds", maxDuration))
	}
	now := a.Now()
	extended, err := a.Sessions.Extend(r.Context(), p.ID, now.Add(a.extension(duration)), now)
	if err != nil {
		return a.renewal(r.Context(), p.ID, err)
	}
	return answer(w, http.StatusOK, extendBody{statusBody: a.statusBody(r, extended), TokenExpiry: extended.TokenExpiry.UTC()})
}

func (a *API) extension(seconds *int) time.Duration {
	wanted := a.Config.SessionTimeout.Duration()
	if seconds != nil {
		wanted = time.Duration(*seconds) * time.Second
	}
	return min(wanted, a.Config.MaxUptime.Duration())
}

// renewal tells what became of a preview that could not be renewed.
func (a *API) renewal(ctx context.Context, previewID string, err error) error {
	if _, ended := errors.AsType[*preview.TransitionError](err); !ended {
		return err
	}
	p, err := a.Rows.Preview(ctx, previewID)
	if err != nil {
		return err
	}
	return problem.NotRunning(p)
}
