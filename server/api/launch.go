package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"previewd/runtime/launch"
	"previewd/runtime/preview"
	"previewd/server/auth"
	"previewd/server/problem"
	"previewd/server/ratelimit"
)

// acceptTimeout bounds the time until a launch is accepted, without the wait for its end.
const acceptTimeout = 30 * time.Second

// Launch handles POST /generations/{generation_id}/preview/launch. It answers 201 as soon as the launch is
// accepted, and with "wait": true when the preview runs or has ended.
func (a *API) Launch(w http.ResponseWriter, r *http.Request) error {
	g, who, err := a.ownGeneration(r)
	if err != nil {
		return err
	}
	given, err := readObject(w, r, maxJSONBody)
	if err != nil {
		return err
	}
	wanted := newLaunchRequest(given)
	if err := given.problem(); err != nil {
		return err
	}
	if err := wanted.check(a.Config.MemoryLimitMB); err != nil {
		return err
	}
	launched, err := a.accept(r.Context(), wanted.request(g, who))
	if err != nil {
		return a.refusal(w, err)
	}
	a.showBudget(r.Context(), w, who)
	p := launched.Preview
	if wanted.Wait {
		if p, err = a.waitFor(r.Context(), p); err != nil {
			return err
		}
	}
	body := launchBody{previewBody: a.previewBody(r, p), SessionToken: launched.SessionToken, TokenExpiry: p.TokenExpiry.UTC()}
	if body.PreviewURL != "" {
		body.PreviewURL = a.Links.With(p, launched.SessionToken)
	}
	return answer(w, http.StatusCreated, body)
}

// launchBody is the answer to a launch. Its address can be opened as it is: it shows the token.
type launchBody struct {
	previewBody
	SessionToken string    `json:"session_token"`
	TokenExpiry  time.Time `json:"token_expiry"`
}

func (a *API) accept(ctx context.Context, req launch.Request) (launch.Launched, error) {
	ctx, cancel := context.WithTimeout(ctx, acceptTimeout)
	defer cancel()
	return a.Previews.Launch(ctx, req)
}

// request is the launch in the domain's words. The preview belongs to the generation's owner, whoever asks.
func (l launchRequest) request(g preview.Generation, who auth.Identity) launch.Request {
	req := launch.Request{GenerationID: g.ID, UserID: g.UserID, ProjectID: *l.ProjectID, By: who.User, Env: l.Env, SecretEnv: l.SecretEnv}
	if l.Timeout != nil {
		req.TimeoutSeconds = *l.Timeout
	}
	if l.MemoryMB != nil {
		req.MemoryMB = *l.MemoryMB
	}
	if l.Command != nil {
		req.Command = *l.Command
	}
	return req
}

// showBudget tells what the launch that was just counted leaves to its caller.
func (a *API) showBudget(ctx context.Context, w http.ResponseWriter, who auth.Identity) {
	if !a.Config.RateLaunch.On() {
		return
	}
	budget, err := a.Budgets.LaunchBudget(ctx, who.User, a.Config.RateLaunch)
	if err != nil {
		a.log(ctx).WithField("err", err).Warn("cannot tell what is left of the launches")
		return
	}
	ratelimit.Show(w.Header(), budget)
}

// refusal adds the figures that only the configuration knows.
func (a *API) refusal(w http.ResponseWriter, err error) error {
	if spent, ok := errors.AsType[*preview.RateError](err); ok {
		ratelimit.Show(w.Header(), spent.Budget()) // another request took the last one in the meantime
		return err
	}
	switch {
	case errors.Is(err, preview.ErrNoPorts):
		most := a.Config.PortMax - a.Config.PortMin + 1
		return problem.Newf(problem.NoPortsAvailable, "No ports available (max %d concurrent).", most).Because(err)
	case errors.Is(err, launch.ErrShuttingDown):
		return problem.New(problem.ShuttingDown, "").Because(err)
	}
	return err
}
