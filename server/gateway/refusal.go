package gateway

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"previewd/runtime/preview"
	"previewd/runtime/upstream"
	"previewd/server/problem"
)

// refusal is an answer of the gateway's own: a problem for programs, a page for people.
type refusal struct {
	problem *problem.Error
	page    page
}

func (r refusal) Error() string { return r.problem.Error() }

func (r refusal) Unwrap() error { return r.problem }

// acceptable refuses what leads nowhere before anybody looks it up.
func acceptable(r *http.Request, first string) error {
	switch {
	case !label.MatchString(first):
		return unknown()
	case r.Method == http.MethodConnect:
		return problem.New(problem.MethodNotAllowed, "The gateway opens no tunnels.")
	case hops(r.Header) >= maxHops:
		return problem.New(problem.LoopDetected, "")
	}
	return nil
}

func unknown() error {
	return problem.New(problem.PreviewNotFound, "There is no preview at this address.")
}

func lookupProblem(err error) error {
	if errors.Is(err, preview.ErrPreviewNotFound) {
		return unknown()
	}
	return fmt.Errorf("find the preview: %w", err)
}

func unready(err error) error {
	if errors.Is(err, errCrowded) {
		busy := problem.Newf(problem.RateLimitExceeded, "The preview is busy with %d requests.", maxVisits)
		return busy.OfApp().After(time.Second).Because(err)
	}
	return problem.New(problem.ShuttingDown, "").Because(err)
}

// starting has the visitor come back.
func starting(p preview.Preview) error {
	return refusal{problem.NotRunning(p), waiting(p)}
}

// gone tells of a preview that ended; why, only to those who may see its log.
func gone(p preview.Preview, why bool) error {
	if !why {
		p.Reason = nil
	}
	e := problem.NotRunning(p)
	e.Status = http.StatusGone
	return refusal{e, over(p)}
}

// unanswered tells why there is no answer of the app.
func (g *Gateway) unanswered(w http.ResponseWriter, r *http.Request, err error) {
	way := passageOf(r.Context())
	cause := context.Cause(r.Context())
	unreachable, isUnreachable := errors.AsType[*upstream.UnreachableError](err)
	uncut := r.WithContext(context.WithoutCancel(r.Context()))
	switch {
	case errors.Is(cause, errClosing):
		g.refuse(w, uncut, unready(errClosing))
	case errors.Is(cause, errOver), errors.Is(err, upstream.ErrNotRunning):
		g.lookAgain(w, uncut, way)
	case way.body.late(): // which the server takes for a visitor who went away
		g.refuse(w, uncut, &problem.Error{Code: problem.RequestTimeout, Status: http.StatusRequestTimeout, Detail: "The request's body came too slowly."})
	case r.Context().Err() != nil, way.body.broken(): // the visitor went away
		w.WriteHeader(statusGone)
	case errors.Is(err, upstream.ErrSlow):
		g.refuse(w, r, problem.New(problem.RequestTimeout, "The app did not answer in time.").OfApp().Because(err))
	case isUnreachable:
		p := way.preview
		g.refuse(w, r, refusal{problem.New(problem.PreviewUnreachable, unreachable.Message).With("health", p.Health).OfApp().Because(err), silent(unreachable.Message)})
	default:
		g.refuse(w, r, fmt.Errorf("ask the app: %w", err))
	}
}

// statusGone is nginx's word for a visitor that left before the answer.
const statusGone = 499

// lookAgain tells what became of a preview that was running a moment ago.
func (g *Gateway) lookAgain(w http.ResponseWriter, r *http.Request, way *passage) {
	g.directory.drop(way.preview.Host)
	now, err := g.directory.find(r.Context(), way.preview.Host)
	switch {
	case err != nil:
		g.refuse(w, r, lookupProblem(err))
	case now.ID != way.preview.ID || !way.visit.holds(now, g.Now()):
		g.refuse(w, r, problem.New(problem.InvalidSessionToken, ""))
	case ended(now):
		g.refuse(w, r, gone(now, way.visit.kind == session))
	case now.Status == preview.Starting:
		g.refuse(w, r, starting(now))
	default: // the token was replaced
		g.refuse(w, r, problem.New(problem.InvalidSessionToken, ""))
	}
}
