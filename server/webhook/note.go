package webhook

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
)

const noteTimeout = 5 * time.Second

// note writes the outcome of an attempt down, and does not give up while the service runs: the preview stays busy
// meanwhile, so that the same event is not sent again and again.
func (d *Deliverer) note(ctx context.Context, e preview.Event, a preview.Attempt) bool {
	for {
		err := d.tryNote(ctx, e, a)
		if err == nil {
			return true
		}
		d.Log.WithError(err).WithField("event_id", e.ID).Warn("cannot note a webhook's attempt; will try again")
		select {
		case <-ctx.Done():
			return false
		case <-time.After(d.Every):
		}
	}
}

// tryNote also finishes when the service ends: what has arrived shall not be sent again.
func (d *Deliverer) tryNote(ctx context.Context, e preview.Event, a preview.Attempt) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTimeout)
	defer cancel()
	var gone error
	if a.ResponseStatus == http.StatusGone {
		gone = d.Store.EndpointGone(ctx, d.Digest, a.At)
	}
	return errors.Join(gone, d.Store.NoteAttempt(ctx, e, a))
}

// ended makes room and tells what an operator has to know: that deliveries begin to fail, that they succeed again,
// and every event that is given up.
func (d *Deliverer) ended(r result) {
	delete(d.busy, r.event.PreviewID)
	if !r.known {
		return
	}
	log := d.Log.WithFields(logrus.Fields{
		"event_id": r.event.ID, "event": r.event.Name(), "preview_id": r.event.PreviewID, "attempt": r.event.Delivery.Attempts + 1,
	})
	d.Metrics.attempted(r.attempt.State)
	failed := r.attempt.State != preview.DeliveryDelivered
	switch {
	case r.attempt.ResponseStatus == http.StatusGone:
		log.Warn("the receiver of webhooks answered 410 Gone: nothing is sent until `previewd webhooks retry --all`, or with another URL")
	case r.attempt.State == preview.DeliveryDead:
		log.WithField("err", r.attempt.Error).Warn("webhook given up; `previewd webhooks retry --all` sends it again")
	case failed && !d.failing:
		log.WithField("err", r.attempt.Error).Warn("webhooks cannot be delivered; each is tried again for a day")
	case failed:
		log.WithField("err", r.attempt.Error).Debug("webhook failed; will try again")
	case d.failing:
		log.Info("webhooks are delivered again")
	}
	d.failing = failed
}
