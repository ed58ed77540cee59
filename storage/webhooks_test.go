package storage_test

import (
	"slices"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

const digest = "0123abcd"

func TestWebhookEventsInPages(t *testing.T) {
	s, ctx := withWebhooks(t, storagetest.URL(t)), t.Context()
	for range 5 {
		inStatus(t, s, preview.Starting)
	}
	all := events(t, s)
	for i, e := range all[:2] {
		note(t, s, e, preview.Attempt{At: start0, State: []preview.DeliveryState{preview.DeliveryDead, preview.DeliveryDelivered}[i]})
	}
	var paged []preview.Event
	for next, more := "", true; more; more = next != "" {
		list, after, err := s.WebhookEvents(ctx, preview.DeliveryPending, next, 2)
		check(t, err)
		paged, next = append(paged, list...), after
	}
	slices.Reverse(paged)
	same(t, paged, all[2:])
	for state, want := range map[preview.DeliveryState]string{preview.DeliveryDead: all[0].ID, preview.DeliveryDelivered: all[1].ID} {
		list, next, err := s.WebhookEvents(ctx, state, "", 1)
		check(t, err)
		if len(list) != 1 || list[0].ID != want || next != "" {
			t.Errorf("%s: %v", state, list)
		}
	}
	_, _, err := s.WebhookEvents(ctx, "", "%%", 0)
	wantError(t, err, preview.ErrInvalidCursor)
}

func TestRetryByHand(t *testing.T) {
	s, ctx := withWebhooks(t, storagetest.URL(t)), t.Context()
	p := started(t, s, "g", "ann")
	check(t, s.BecomeRunning(ctx, p.ID, start0.Add(time.Second), nil))
	dead := preview.Attempt{At: start0, State: preview.DeliveryDead, ResponseStatus: 500, Error: "HTTP 500"}
	for range 2 {
		note(t, s, due(t, s, start0)[0], dead)
	}
	check(t, s.EndpointGone(ctx, digest, start0))
	launched := events(t, s)[0]

	e, err := s.RetryEvent(ctx, launched.ID)
	check(t, err)
	if e.ID != launched.ID || e.Delivery.State != preview.DeliveryPending || e.Delivery.Attempts != 0 || e.Delivery.SettledAt != nil ||
		e.Delivery.Error != "HTTP 500" {
		t.Errorf("%+v", e)
	}
	if at, err := s.EndpointGoneAt(ctx, digest); at != nil || err != nil {
		t.Errorf("the endpoint is still gone: %v, %v", at, err)
	}
	_, err = s.RetryEvent(ctx, "msg_x")
	wantError(t, err, preview.ErrEventNotFound)

	note(t, s, e, dead)
	check(t, s.EndpointGone(ctx, digest, start0))
	n, err := s.RetryDeadEvents(ctx)
	check(t, err)
	if n != 2 {
		t.Errorf("%d are tried again, want 2", n)
	}
	if at, _ := s.EndpointGoneAt(ctx, digest); at != nil {
		t.Error("the endpoint is still gone")
	}
	list := due(t, s, start0)
	if len(list) != 1 || list[0].ID != launched.ID || list[0].PreviewID != p.ID {
		t.Errorf("they are tried in their order: %v", list)
	}
	note(t, s, list[0], delivered)
	e, err = s.RetryEvent(ctx, launched.ID) // one that was delivered is sent once more
	check(t, err)
	if e.Delivery.State != preview.DeliveryPending {
		t.Errorf("%+v", e.Delivery)
	}
}

func TestAnEndpointThatIsGone(t *testing.T) {
	s, ctx := withWebhooks(t, storagetest.URL(t)), t.Context()
	at, err := s.EndpointGoneAt(ctx, digest)
	check(t, err)
	if at != nil {
		t.Errorf("gone since %v", at)
	}
	check(t, s.EndpointGone(ctx, digest, start0))
	check(t, s.EndpointGone(ctx, digest, start0.Add(time.Hour))) // it was before
	at, err = s.EndpointGoneAt(ctx, digest)
	check(t, err)
	same(t, at, &start0)
	if other, _ := s.EndpointGoneAt(ctx, "ffff"); other != nil {
		t.Error("another URL is gone, too")
	}

	inStatus(t, s, preview.Running)
	note(t, s, due(t, s, start0)[0], delivered)
	n, err := s.BuryEvents(ctx, start0, "the receiver is gone")
	check(t, err)
	if n != 1 {
		t.Errorf("%d buried, want the one that was pending", n)
	}
	dead, _, err := s.WebhookEvents(ctx, preview.DeliveryDead, "", 0)
	check(t, err)
	same(t, dead[0].Delivery, preview.Delivery{
		State: preview.DeliveryDead, DueAt: start0, SettledAt: &start0, Error: "the receiver is gone",
	})
}

func TestPruneEvents(t *testing.T) {
	url := storagetest.URL(t)
	s, off, ctx := withWebhooks(t, url), open(t, url), t.Context()
	for _, state := range []preview.DeliveryState{preview.DeliveryDelivered, preview.DeliveryDead, preview.DeliveryPending} {
		for _, at := range []time.Time{start0, start0.Add(time.Hour)} {
			inStatus(t, s, preview.Starting)
			for _, e := range due(t, s, start0) {
				note(t, s, e, preview.Attempt{At: at, State: state, NextAt: start0.Add(time.Hour)})
			}
		}
	}
	prune := func(s *storage.Store, before time.Time, want int64) {
		t.Helper()
		n, err := s.PruneEvents(ctx, before)
		check(t, err)
		if n != want {
			t.Errorf("%d went, want %d", n, want)
		}
	}
	prune(s, start0, 0)
	prune(s, start0.Add(time.Minute), 2)
	if left := events(t, s); len(left) != 4 {
		t.Errorf("%d left, want 4", len(left))
	}
	// More than one transaction takes at once.
	_, err := connect(t, url).Exec(`
		insert into webhook_events
		       (id, preview_id, generation_id, user_id, project_id, status, port, occurred_at, delivery, settled_at)
		select 'm' || i, 'p', 'g', 'u', 'p', 'failed', 1, $1, 'delivered', $1
		from   generate_series(1, 2500) i`, start0)
	check(t, err)
	prune(s, start0.Add(time.Minute), 2500)
	prune(off, start0, 0)
	prune(off, start0.Add(time.Minute), 2) // the pending ones, which nobody delivers
}
