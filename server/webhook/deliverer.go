package webhook

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
)

// concurrency bounds the attempts under way at once.
const concurrency = 16

// Outbox holds the events.
type Outbox interface {
	// DueEvents lists what may be sent now: of each preview that is not busy the oldest event that is pending.
	DueEvents(ctx context.Context, now time.Time, busy []string, limit int) ([]preview.Event, error)
	NoteAttempt(ctx context.Context, e preview.Event, a preview.Attempt) error
	// BuryEvents gives up everything that is pending.
	BuryEvents(ctx context.Context, at time.Time, why string) (int64, error)
}

// Endpoints remembers, by a digest of the URL, whether the receiver said that it is gone.
type Endpoints interface {
	EndpointGone(ctx context.Context, digest string, at time.Time) error
	EndpointGoneAt(ctx context.Context, digest string) (*time.Time, error)
}

// Store is all that a Deliverer keeps.
type Store interface {
	Outbox
	Endpoints
}

// Sending makes one attempt to deliver an event.
type Sending interface {
	Send(ctx context.Context, e preview.Event) Answer
}

// Options wire a Deliverer.
type Options struct {
	Store   Store
	Sender  Sending
	Digest  string                     // of the endpoint
	Leads   func(context.Context) bool // whether this process delivers for all on the database
	Changes <-chan preview.Preview     // makes it look at once; what is missed is found by the clock
	Every   time.Duration              // between two looks
	Grace   time.Duration              // for what is still to be sent when the service ends
	Now     func() time.Time
	Log     *logrus.Entry
	Metrics *Metrics // nil counts nothing
}

// Deliverer sends what the outbox holds. Events of one preview go one after the other, those of different previews
// beside one another. Its fields belong to the goroutine of Run.
type Deliverer struct {
	Options
	busy    map[string]bool // previews with an attempt under way
	done    chan result
	failing bool // the last attempt failed: told once, not each time
}

// result is the end of an attempt.
type result struct {
	event   preview.Event
	attempt preview.Attempt
	known   bool // false when the service ended first
}

// New returns a Deliverer that has sent nothing yet.
func New(o Options) *Deliverer {
	return &Deliverer{Options: o, busy: map[string]bool{}, done: make(chan result, concurrency)}
}

// Run delivers until ctx ends, and then for at most the grace what is due.
func (d *Deliverer) Run(ctx context.Context) {
	// Attempts outlive ctx: what was sent shall be noted.
	work, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	ticker := time.NewTicker(d.Every)
	defer ticker.Stop()
	for ctx.Err() == nil {
		d.round(work)
		select {
		case <-ctx.Done():
		case <-ticker.C:
		case r := <-d.done:
			d.ended(r)
		case _, open := <-d.Changes:
			d.changed(open)
		}
		d.catchUp()
	}
	d.drain(work, cut)
}

// catchUp takes what else has happened meanwhile, so that the next look is for all of it.
func (d *Deliverer) catchUp() {
	for {
		select {
		case r := <-d.done:
			d.ended(r)
		case _, open := <-d.Changes:
			d.changed(open)
		default:
			return
		}
	}
}

func (d *Deliverer) changed(open bool) {
	if !open {
		d.Changes = nil
	}
}

// drain sends what is due, so that the receiver hears of the previews that ended with the service, too.
func (d *Deliverer) drain(work context.Context, cut context.CancelFunc) {
	grace := time.AfterFunc(d.Grace, cut)
	defer grace.Stop()
	for {
		if work.Err() == nil {
			d.round(work)
		}
		if len(d.busy) == 0 {
			return
		}
		d.ended(<-d.done)
		d.catchUp()
	}
}

// round begins as many attempts as there is room for.
func (d *Deliverer) round(ctx context.Context) {
	room := concurrency - len(d.busy)
	if room == 0 || !d.Leads(ctx) {
		return
	}
	due, err := d.due(ctx, room)
	if err != nil {
		d.Log.WithError(err).Warn("cannot read the outbox; will try again")
		return
	}
	for _, e := range due {
		d.busy[e.PreviewID] = true
		go func() { d.done <- d.deliver(ctx, e) }()
	}
}

// due is what to send now: nothing, when the receiver is gone.
func (d *Deliverer) due(ctx context.Context, room int) ([]preview.Event, error) {
	busy := make([]string, 0, len(d.busy))
	for id := range d.busy {
		busy = append(busy, id)
	}
	due, err := d.Store.DueEvents(ctx, d.Now(), busy, room)
	if err != nil || len(due) == 0 {
		return nil, err
	}
	gone, err := d.Store.EndpointGoneAt(ctx, d.Digest)
	if err != nil || gone == nil {
		return due, err
	}
	_, err = d.Store.BuryEvents(ctx, d.Now(), "not sent: the receiver has answered 410 Gone at "+gone.Format(time.RFC3339))
	return nil, err
}

func (d *Deliverer) deliver(ctx context.Context, e preview.Event) result {
	answer := d.Sender.Send(ctx, e)
	if answer.Err != nil && ctx.Err() != nil {
		return result{event: e} // cut short, which says nothing about the receiver
	}
	attempt := decide(e, answer, d.Now(), rand.Float64()) //nolint:gosec // a pause is no secret
	return result{event: e, attempt: attempt, known: d.note(ctx, e, attempt)}
}
