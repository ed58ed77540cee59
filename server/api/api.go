// Package api answers the HTTP requests of the contract, one file per route. Handlers return their error; the
// router renders it. They read the generation's id as the path value "generation_id" and the caller from
// package auth.
package api

import (
	"context"
	"net/http"
	"runtime"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/endpoints/catalog"
	"previewd/runtime/launch"
	"previewd/runtime/logs"
	"previewd/runtime/preview"
	"previewd/runtime/tracing"
	"previewd/runtime/upstream"
	"previewd/server/config"
	"previewd/server/middleware/requestid"
	"previewd/server/ratelimit"
	"previewd/server/sse"
	"previewd/server/webhook"
)

// GenerationID is the name of the path value that holds it.
const GenerationID = "generation_id"

// Generations keeps projects. An unknown id is preview.ErrGenerationNotFound.
type Generations interface {
	// PutGeneration stores or replaces and sets the times; another user's id is preview.ErrPermissionDenied.
	PutGeneration(ctx context.Context, g preview.Generation, archive []byte, files []preview.FileInfo) (preview.Generation, error)
	Generation(ctx context.Context, id string) (preview.Generation, error)
	// Generations lists a user's, or everybody's for "", newest first.
	Generations(ctx context.Context, userID, cursor string, limit int) (list []preview.Generation, next string, err error)
	GenerationFiles(ctx context.Context, id string) ([]preview.FileInfo, error)
	// DeleteGeneration takes its ended previews along; an active one is preview.ErrGenerationActive.
	DeleteGeneration(ctx context.Context, id string) error
}

// Previews launches and ends previews.
type Previews interface {
	Launch(ctx context.Context, req launch.Request) (launch.Launched, error)
	// Stop ends the generation's active preview; one that ended already is no error.
	Stop(ctx context.Context, generationID string, code preview.Code) error
	// Wait returns when the preview runs or has ended.
	Wait(ctx context.Context, previewID string) (preview.Preview, error)
	Usage(ctx context.Context, p preview.Preview) (preview.Stats, error)
}

// Rows reads what is known of previews. An unknown one is preview.ErrPreviewNotFound.
type Rows interface {
	Preview(ctx context.Context, id string) (preview.Preview, error)
	LatestPreview(ctx context.Context, generationID string) (preview.Preview, error)
	// Previews lists a user's, or everybody's for "", newest first.
	Previews(ctx context.Context, userID, cursor string, limit int) (list []preview.Preview, next string, err error)
}

// Lines reads the stored log of a preview.
type Lines interface {
	SearchLogs(ctx context.Context, previewID string, q preview.LogQuery) (preview.LogPage, error)
}

// Follower follows the log of a preview, stored and live.
type Follower interface {
	Subscribe(ctx context.Context, previewID string, after int64) (*logs.Subscription, error)
	// Follow is Subscribe for an active preview, whose log another process may write.
	Follow(ctx context.Context, previewID string, after int64) (*logs.Subscription, error)
	// End is the seq of the last line, 0 when there is none.
	End(ctx context.Context, previewID string) (int64, error)
}

// Apps asks running previews over HTTP.
type Apps interface {
	Ask(ctx context.Context, to preview.Preview, r upstream.Request, l upstream.Limits) (upstream.Answer, error)
}

// Catalog knows what apps serve.
type Catalog interface {
	// List tells of a generation's app. p is the generation's latest preview, nil when there was none.
	List(ctx context.Context, g preview.Generation, p *preview.Preview) (catalog.Listing, error)
}

// Sessions keeps previews alive. One that ended is a *preview.TransitionError.
type Sessions interface {
	// Extend lets the preview and its session token live until then at least, and notes a use.
	Extend(ctx context.Context, previewID string, until, at time.Time) (preview.Preview, error)
	RenewSession(ctx context.Context, previewID string, tokenHash []byte, expiry time.Time) (preview.Preview, error)
	// AddSession leaves the tokens that there are.
	AddSession(ctx context.Context, previewID string, tokenHash []byte, now, expiry time.Time) (preview.Preview, error)
	// RevokeShares ends all links to the preview.
	RevokeShares(ctx context.Context, previewID string) (preview.Preview, error)
	// Touch notes a use.
	Touch(ctx context.Context, previewID string, at time.Time) error
}

// Links are addresses of previews, as browsers reach them.
type Links interface {
	// Address is of a preview, for a browser that was let in before.
	Address(p preview.Preview) string
	// With shows a token of the preview.
	With(p preview.Preview, token string) string
	// Shared lets in whoever has it, until then.
	Shared(p preview.Preview, until time.Time) string
}

// Meter is told of every request that is sent to an app.
type Meter interface {
	Begin()
	// End has the answer's status, 0 where there was none.
	End(status int, took time.Duration)
}

// Options are what an API works with. All are needed but Receiver, Done, Now and what counts.
type Options struct {
	Config      config.Config
	Generations Generations
	Previews    Previews
	Rows        Rows
	Sessions    Sessions
	Apps        Apps
	Catalog     Catalog
	Lines       Lines
	Follower    Follower
	Links       Links
	Changes     Changes
	Webhooks    Webhooks
	Receiver    *webhook.Endpoint // of webhooks, nil without
	Budgets     ratelimit.LaunchBudgets
	Requests    ratelimit.Counter // of requests to one preview by its id, once the caller has proved to be its user
	Checks      []Check           // of /readyz
	Log         *logrus.Entry
	Done        <-chan struct{}  // closed when the service begins to stop: streams end then
	Now         func() time.Time // nil is time.Now

	Asked   Meter        // requests to apps
	Streams *sse.Metrics // log streams
	Scrape  http.Handler // of /metrics, nil where that is not served here
}

// API holds the handlers.
type API struct {
	Options
	uploads  chan struct{} // a slot per upload that is unpacked in memory
	searches chan struct{} // a slot per search of a log under way
}

// New returns the handlers.
func New(o Options) *API {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &API{Options: o, uploads: make(chan struct{}, 2*runtime.NumCPU()), searches: make(chan struct{}, runtime.NumCPU())}
}

func (a *API) log(ctx context.Context) *logrus.Entry {
	return tracing.Log(ctx, a.Log).WithField("request_id", requestid.From(ctx))
}
