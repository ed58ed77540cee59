package storage_test

import (
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

// withWebhooks opens a Store that writes events.
func withWebhooks(t *testing.T, url string) *storage.Store {
	t.Helper()
	s, err := storage.Open(t.Context(), url, storage.Options{Webhooks: true, Now: func() time.Time { return start0.Add(time.Minute) }})
	check(t, err)
	t.Cleanup(func() { check(t, s.Close()) })
	return s
}

// events are all that are stored, oldest first.
func events(t *testing.T, s *storage.Store) []preview.Event {
	t.Helper()
	list, _, err := s.WebhookEvents(t.Context(), "", "", 0)
	check(t, err)
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list
}

func namesOf(list []preview.Event) (names []preview.EventName) {
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

func due(t *testing.T, s *storage.Store, now time.Time, busy ...string) []preview.Event {
	t.Helper()
	list, err := s.DueEvents(t.Context(), now, busy, 100)
	check(t, err)
	return list
}

// dueAt is when a preview's event of a state may go.
func dueAt(t *testing.T, s *storage.Store, previewID string, status preview.Status) time.Time {
	t.Helper()
	for _, e := range events(t, s) {
		if e.PreviewID == previewID && e.Status == status {
			return e.Delivery.DueAt
		}
	}
	t.Fatalf("preview %s has no event of %s", previewID, status)
	return time.Time{}
}

func note(t *testing.T, s *storage.Store, e preview.Event, a preview.Attempt) {
	t.Helper()
	check(t, s.NoteAttempt(t.Context(), e, a))
}

// tries is an attempt that failed and is repeated then.
func tries(next time.Time) preview.Attempt {
	return preview.Attempt{At: start0, State: preview.DeliveryPending, ResponseStatus: 503, Error: "HTTP 503", NextAt: next}
}

var delivered = preview.Attempt{At: start0, State: preview.DeliveryDelivered, ResponseStatus: 204}

func TestEveryChangeIsAnnouncedInItsOwnTransaction(t *testing.T) {
	s, ctx := withWebhooks(t, storagetest.URL(t)), t.Context()
	evidence := &preview.Evidence{LastLines: []string{"password=1234"}}
	code := 3
	why := preview.Reason{Code: preview.AppExited, Message: "It ended.", Hint: "Look.", ExitCode: &code, Evidence: evidence}

	p := started(t, s, "g1", "ann")
	check(t, s.SetPhase(ctx, p.ID, preview.Booting)) // no change of state
	check(t, s.BecomeRunning(ctx, p.ID, start0.Add(time.Second), nil))
	finish(t, s, p.ID, preview.Failed, why, nil)

	list := events(t, s)
	why.Evidence = nil
	base := preview.Event{PreviewID: p.ID, GenerationID: "g1", UserID: "ann", ProjectID: "project", Port: p.Port}
	want := []preview.Event{base, base, base}
	want[0].Status, want[0].OccurredAt = preview.Starting, start0
	want[1].Status, want[1].OccurredAt = preview.Running, start0.Add(time.Second)
	want[2].Status, want[2].OccurredAt, want[2].Reason = preview.Failed, start0.Add(time.Minute), &why
	for i := range want {
		if !strings.HasPrefix(list[i].ID, "msg_") || strings.Contains(list[i].ID, ".") {
			t.Errorf("id %q", list[i].ID)
		}
		want[i].ID = list[i].ID
		want[i].Delivery = preview.Delivery{State: preview.DeliveryPending, DueAt: want[i].OccurredAt}
	}
	same(t, list, want)
}

func TestEveryWayToTheEndIsAnnounced(t *testing.T) {
	for name, tt := range map[string]struct {
		way  func(*testing.T, *storage.Store, string)
		want preview.EventName
	}{
		"stopped": {func(t *testing.T, s *storage.Store, id string) {
			stopping(t, s, id, preview.User)
			finish(t, s, id, preview.Stopped, because(preview.User), nil)
		}, preview.StoppedEvent},
		"replaced": {func(t *testing.T, s *storage.Store, id string) {
			_, _, err := s.StartPreview(t.Context(), row("g", "ann"), ports)
			check(t, err)
			finish(t, s, id, preview.Stopped, because(preview.Shutdown), nil)
		}, preview.StoppedEvent},
		"exited while stopping": {func(t *testing.T, s *storage.Store, id string) {
			stopping(t, s, id, preview.User)
			finish(t, s, id, preview.Failed, because(preview.InstanceLost), nil)
		}, preview.StoppedEvent},
		"taken over": {func(t *testing.T, s *storage.Store, id string) {
			takeOver(t, s, id, "", "other")
			finish(t, s, id, preview.Failed, because(preview.InstanceLost), nil)
		}, preview.FailedEvent},
	} {
		t.Run(name, func(t *testing.T) {
			s := withWebhooks(t, storagetest.URL(t))
			p := started(t, s, "g", "ann")
			tt.way(t, s, p.ID)
			var own []preview.Event
			for _, e := range events(t, s) {
				if e.PreviewID == p.ID {
					own = append(own, e)
				}
			}
			same(t, namesOf(own), []preview.EventName{preview.LaunchedEvent, tt.want})
			if why := reload(t, s, p.ID).Reason; own[1].Reason == nil || *own[1].Reason != *why {
				t.Errorf("reason %v, want that of the preview, %v", own[1].Reason, why)
			}
		})
	}
}

func TestAChangeThatIsRefusedIsNotAnnounced(t *testing.T) {
	s, ctx := withWebhooks(t, storagetest.URL(t)), t.Context()
	one := preview.StartOptions{PortMin: 5000, PortMax: 5000}
	putGeneration(t, s, "g", "ann")
	p, _, err := s.StartPreview(ctx, row("g", "ann"), one)
	check(t, err)
	_, _, err = s.StartPreview(ctx, row("g", "ann"), one)
	wantError(t, err, preview.ErrNoPorts)
	wantTransition(t, storagetest.Err(s.Finish(ctx, p.ID, preview.Stopped, because(preview.User), nil)), preview.Starting, preview.Stopped)
	finish(t, s, p.ID, preview.Failed, because(preview.AppExited), nil)
	wantTransition(t, s.BecomeRunning(ctx, p.ID, start0, nil), preview.Failed, preview.Running)
	wantTransition(t, storagetest.Err(s.Finish(ctx, p.ID, preview.Failed, because(preview.AppExited), nil)), preview.Failed, preview.Failed)
	same(t, namesOf(events(t, s)), []preview.EventName{preview.LaunchedEvent, preview.FailedEvent})
}

func TestWithoutAReceiverNothingIsWritten(t *testing.T) {
	s := storagetest.New(t)
	inStatus(t, s, preview.Running)
	inStatus(t, s, preview.Failed)
	same(t, events(t, s), []preview.Event{})
}

func TestAnEventOutlivesItsPreview(t *testing.T) {
	s := withWebhooks(t, storagetest.URL(t))
	p := inStatus(t, s, preview.Failed)
	check(t, s.DeleteGeneration(t.Context(), p.GenerationID))
	same(t, namesOf(events(t, s)), []preview.EventName{preview.LaunchedEvent, preview.FailedEvent})
}

func TestEventsOfAPreviewWaitForOneAnother(t *testing.T) {
	s, later := withWebhooks(t, storagetest.URL(t)), start0.Add(time.Hour)
	a, b := inStatus(t, s, preview.Running), inStatus(t, s, preview.Running)
	first := due(t, s, start0)
	same(t, namesOf(first), []preview.EventName{preview.LaunchedEvent, preview.LaunchedEvent})
	if first[0].PreviewID != a.ID || first[1].PreviewID != b.ID {
		t.Error("the older one goes first")
	}
	if list := due(t, s, start0, a.ID); len(list) != 1 || list[0].PreviewID != b.ID {
		t.Errorf("beside the busy one: %v", list)
	}
	if list, err := s.DueEvents(t.Context(), start0, nil, 1); err != nil || len(list) != 1 {
		t.Errorf("limit 1: %v, %v", list, err)
	}

	// a's first one fails: its second one waits, and so does one that comes later; b is not concerned.
	note(t, s, first[0], tries(later))
	note(t, s, first[1], delivered)
	finish(t, s, a.ID, preview.Failed, because(preview.AppExited), nil)
	if at := dueAt(t, s, a.ID, preview.Running); !at.Equal(later) {
		t.Errorf("the second one is due at %v: every look would meet it in vain", at)
	}
	if list := due(t, s, later.Add(-time.Microsecond)); len(list) != 1 || list[0].PreviewID != b.ID || list[0].Name() != preview.StartedEvent {
		t.Errorf("held back too little or too much: %v", list)
	}
	again := due(t, s, later, b.ID)
	if len(again) != 1 || again[0].ID != first[0].ID || again[0].Delivery.Attempts != 1 ||
		again[0].Delivery.ResponseStatus != 503 || again[0].Delivery.Error != "HTTP 503" {
		t.Fatalf("after the pause: %+v", again)
	}
	// Once it is settled, however, the next one is due at once.
	note(t, s, again[0], preview.Attempt{At: start0, State: preview.DeliveryDead, Error: "given up"})
	for _, want := range []preview.EventName{preview.StartedEvent, preview.FailedEvent} {
		list := due(t, s, start0.Add(2*time.Minute), b.ID)
		if len(list) != 1 || list[0].Name() != want || list[0].PreviewID != a.ID {
			t.Fatalf("next: %+v, want %s", list, want)
		}
		note(t, s, list[0], delivered)
	}
	if list := due(t, s, later.Add(time.Hour), b.ID); len(list) != 0 {
		t.Errorf("left: %+v", list)
	}
}

func TestAnAttemptThatWasOvertakenChangesNothing(t *testing.T) {
	s, next := withWebhooks(t, storagetest.URL(t)), start0.Add(time.Hour)
	inStatus(t, s, preview.Starting)
	seen := due(t, s, start0)[0]
	note(t, s, seen, tries(next))
	note(t, s, seen, tries(next.Add(time.Hour))) // of another process that saw the same
	note(t, s, seen, preview.Attempt{At: start0, State: preview.DeliveryDead, ResponseStatus: 410})
	if d := events(t, s)[0].Delivery; d.Attempts != 1 || d.State != preview.DeliveryPending || !d.DueAt.Equal(next) {
		t.Errorf("%+v", d)
	}
	// What has arrived has arrived, whatever others noted meanwhile.
	_, err := s.BuryEvents(t.Context(), start0, "gone")
	check(t, err)
	note(t, s, seen, delivered)
	want := preview.Delivery{State: preview.DeliveryDelivered, Attempts: 2, DueAt: start0, AttemptedAt: &start0, SettledAt: &start0, ResponseStatus: 204}
	same(t, events(t, s)[0].Delivery, want)
	note(t, s, events(t, s)[0], delivered)
	note(t, s, events(t, s)[0], tries(next))
	same(t, events(t, s)[0].Delivery, want)
}
