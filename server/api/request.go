package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
	"previewd/runtime/tracing"
	"previewd/runtime/upstream"
	"previewd/server/problem"
	"previewd/server/ratelimit"
)

// touchEvery is how exactly the time of a preview's last use is kept.
const touchEvery = 5 * time.Second

// Request handles POST /generations/{generation_id}/preview/request: it sends a request to the running app and
// answers with what the app answered, whatever that is.
func (a *API) Request(w http.ResponseWriter, r *http.Request) error {
	p, err := a.openedPreview(r, r.Header.Get(sessionHeader))
	if err != nil {
		return err
	}
	if err := ratelimit.Admit(r.Context(), w, a.Requests, p.ID); err != nil {
		return err
	}
	given, err := readObject(w, r, maxRequestBody)
	if err != nil {
		return err
	}
	req, err := newAppRequest(given)
	if err != nil {
		return err
	}
	if p.Status != preview.Running {
		return problem.NotRunning(p)
	}
	a.touch(r.Context(), p)
	if req.Header.Get("Traceparent") == "" { // the caller may want to be the parent itself
		tracing.Of(r.Context()).Hand(req.Header)
	}
	limits := upstream.Limits{Timeout: a.Config.RequestTimeout.Duration(), Bytes: a.Config.MaxResponseKB << 10}
	got, err := a.ask(r.Context(), p, req, limits)
	if err != nil {
		return a.unanswered(r.Context(), p, err)
	}
	return answer(w, http.StatusOK, newAppAnswer(got))
}

// ask asks the app and counts what came of it.
func (a *API) ask(ctx context.Context, p preview.Preview, req upstream.Request, l upstream.Limits) (upstream.Answer, error) {
	if a.Asked == nil {
		return a.Apps.Ask(ctx, p, req, l)
	}
	a.Asked.Begin()
	began := a.Now()
	got, err := a.Apps.Ask(ctx, p, req, l)
	a.Asked.End(got.Status, a.Now().Sub(began))
	return got, err
}

// touch keeps the preview from counting as idle.
func (a *API) touch(ctx context.Context, p preview.Preview) {
	now := a.Now()
	if now.Sub(p.LastActiveAt) < touchEvery {
		return
	}
	if err := a.Sessions.Touch(ctx, p.ID, now); err != nil {
		a.log(ctx).WithFields(logrus.Fields{"preview_id": p.ID, "err": err}).Debug("a use was not noted")
	}
}

// unanswered tells why there is no answer of the app: mostly because the preview ended meanwhile.
func (a *API) unanswered(ctx context.Context, p preview.Preview, err error) error {
	unreachable, isUnreachable := errors.AsType[*upstream.UnreachableError](err)
	switch {
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
		late := problem.Newf(problem.RequestTimeout, "The app did not answer within %d s.", a.Config.RequestTimeout)
		return late.OfApp().Because(err)
	case !isUnreachable && !errors.Is(err, upstream.ErrNotRunning):
		return fmt.Errorf("ask the app: %w", err)
	}
	now, lookup := a.Rows.Preview(ctx, p.ID)
	if lookup != nil {
		return fmt.Errorf("look after the app: %w", lookup)
	}
	if now.Status == preview.Running && isUnreachable {
		return problem.New(problem.PreviewUnreachable, unreachable.Message).With("health", now.Health).OfApp().Because(err)
	}
	return problem.NotRunning(now)
}
