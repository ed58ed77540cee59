package api

import (
	"net/http"
	"time"

	"previewd/runtime/preview"
	"previewd/server/auth"
	"previewd/server/problem"
)

// sessionHeader carries the session token of a preview.
const sessionHeader = "X-Preview-Token"

// openedPreview is the latest preview of the path's generation, which the session token opens. The bearer of a wrong token
// is not told what exists; a caller who also proved who he is has to be allowed as well.
func (a *API) openedPreview(r *http.Request, token string) (preview.Preview, error) {
	id, err := generationID(r)
	if err != nil {
		return preview.Preview{}, err
	}
	if !auth.LooksLikeSession(token) {
		return preview.Preview{}, problem.New(problem.InvalidSessionToken, "")
	}
	var p preview.Preview
	if _, verified := auth.From(r.Context()); verified {
		if p, err = a.ownPreview(r); err != nil {
			return preview.Preview{}, err
		}
	} else {
		p, err = a.Rows.LatestPreview(r.Context(), id)
	}
	if err != nil || !auth.SessionOpens(token, p, a.Now()) {
		return preview.Preview{}, problem.New(problem.InvalidSessionToken, "").Because(err)
	}
	return p, nil
}

// sessionBody is a session token, which is told once.
type sessionBody struct {
	SessionToken string    `json:"session_token"`
	TokenExpiry  time.Time `json:"token_expiry"`
}

// RenewSession handles POST /generations/{generation_id}/preview/session: a new session token for an owner who lost the one
// that the launch told. The old one stops working at once, and so do those beside it, unless keep asks for one beside them.
func (a *API) RenewSession(w http.ResponseWriter, r *http.Request) error {
	p, err := a.ownPreview(r)
	if err != nil {
		return err
	}
	given, err := readOptionalObject(w, r, maxJSONBody)
	if err != nil {
		return err
	}
	keep := given.flag("keep")
	if err := given.problem(); err != nil {
		return err
	}
	token, hash := preview.NewSessionToken()
	now := a.Now()
	expiry := now.Add(a.Config.SessionTimeout.Duration())
	var renewed preview.Preview
	if keep {
		renewed, err = a.Sessions.AddSession(r.Context(), p.ID, hash, now, expiry)
	} else {
		renewed, err = a.Sessions.RenewSession(r.Context(), p.ID, hash, expiry)
	}
	if err != nil {
		return a.renewal(r.Context(), p.ID, err)
	}
	return answer(w, http.StatusOK, sessionBody{SessionToken: token, TokenExpiry: renewed.TokenExpiry.UTC()})
}
