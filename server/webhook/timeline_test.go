package webhook

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"previewd/runtime/preview"
)

// memory is an outbox of one event, without a database: synctest's clock stands still while one is asked.
type memory struct {
	mu    sync.Mutex
	event preview.Event
}

func (m *memory) DueEvents(_ context.Context, now time.Time, busy []string, _ int) ([]preview.Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(busy) > 0 || m.event.Delivery.State != preview.DeliveryPending || m.event.Delivery.DueAt.After(now) {
		return nil, nil
	}
	return []preview.Event{m.event}, nil
}

func (m *memory) NoteAttempt(_ context.Context, _ preview.Event, a preview.Attempt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	d := &m.event.Delivery
	d.State, d.DueAt, d.Error = a.State, a.NextAt, a.Error
	d.Attempts++
	return nil
}

func (m *memory) BuryEvents(context.Context, time.Time, string) (int64, error) { return 0, nil }

func (m *memory) EndpointGone(context.Context, string, time.Time) error { return nil }

func (m *memory) EndpointGoneAt(context.Context, string) (*time.Time, error) { return nil, nil }

// script answers one attempt after the other and notes when they were made.
type script struct {
	answers func(n int) error
	at      []time.Time
}

func (s *script) Send(context.Context, preview.Event) Answer {
	s.at = append(s.at, time.Now())
	return Answer{Err: s.answers(len(s.at))}
}

// play runs a deliverer for two days.
func play(t *testing.T, answers func(n int) error) (*script, *memory, []string) {
	t.Helper()
	s, m := &script{answers: answers}, &memory{event: event()}
	m.event.Delivery.State = preview.DeliveryPending
	log, hook := quiet()
	ctx, cancel := context.WithTimeout(t.Context(), 48*time.Hour)
	defer cancel()
	New(Options{
		Store: m, Sender: s, Leads: func(context.Context) bool { return true }, Every: time.Second, Grace: time.Second, Now: time.Now, Log: log,
	}).Run(ctx)
	var said []string
	for _, entry := range hook.AllEntries() {
		if entry.Level.String() != "debug" {
			said = append(said, entry.Level.String()+": "+entry.Message)
		}
	}
	return s, m, said
}

func TestADayOfFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, m, said := play(t, func(int) error { return errors.New("HTTP 500") })
		if len(s.at) != maxAttempts || m.event.Delivery.State != preview.DeliveryDead || m.event.Delivery.Attempts != maxAttempts {
			t.Fatalf("%d attempts: %+v", len(s.at), m.event.Delivery)
		}
		for i := 1; i < len(s.at); i++ {
			// A look every second: the pause is kept, and not by much overdone.
			if pause := s.at[i].Sub(s.at[i-1]); pause < pauseAfter(i, 0) || pause > pauseAfter(i, 1)+2*time.Second {
				t.Errorf("pause %d is %v", i, pause)
			}
		}
		if took := s.at[len(s.at)-1].Sub(s.at[0]); took < 19*time.Hour || took > 30*time.Hour {
			t.Errorf("it was given up after %v", took)
		}
		if len(said) != 2 || !strings.HasPrefix(said[0], "warning: webhooks cannot be delivered") || !strings.HasPrefix(said[1], "warning: webhook given up") {
			t.Errorf("said: %q", said)
		}
	})
}

func TestAReceiverThatComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, m, said := play(t, func(n int) error {
			if n < 4 {
				return errors.New("HTTP 503")
			}
			return nil
		})
		if len(s.at) != 4 || m.event.Delivery.State != preview.DeliveryDelivered || m.event.Delivery.Error != "" {
			t.Fatalf("%d attempts: %+v", len(s.at), m.event.Delivery)
		}
		if len(said) != 2 || said[1] != "info: webhooks are delivered again" {
			t.Errorf("said: %q", said)
		}
	})
}

func TestWhoDoesNotLeadDoesNotSend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, m := &script{answers: func(int) error { return nil }}, &memory{event: event()}
		m.event.Delivery.State = preview.DeliveryPending
		log, _ := quiet()
		begin := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		New(Options{
			Store: m, Sender: s, Every: time.Second, Grace: time.Second, Now: time.Now, Log: log,
			Leads: func(context.Context) bool { return time.Since(begin) > 30*time.Second }, // the leader before it ended
		}).Run(ctx)
		if len(s.at) != 1 || s.at[0].Sub(begin) < 30*time.Second || s.at[0].Sub(begin) > 32*time.Second {
			t.Errorf("sent at %v", s.at)
		}
	})
}
