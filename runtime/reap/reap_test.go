package reap_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/preview"
	"previewd/runtime/reap"
)

const every = time.Second

// world has the due previews, and notes what is asked to be stopped.
type world struct {
	mu      sync.Mutex
	due     []preview.Preview
	readErr error
	stopErr error
	stuck   string // the preview that does not stop until the reaper ends
	idle    time.Duration
	stopped map[string][]preview.Code
	said    *test.Hook
}

func (w *world) DuePreviews(_ context.Context, _ time.Time, idle time.Duration) ([]preview.Preview, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.idle = idle
	return w.due, w.readErr
}

func (w *world) StopPreview(ctx context.Context, id string, code preview.Code) error {
	w.note(id, code)
	if id == w.stuck {
		<-ctx.Done()
		return ctx.Err()
	}
	return w.stopErr
}

func (w *world) note(id string, code preview.Code) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped[id] = append(w.stopped[id], code)
}

func (w *world) becomes(readErr error, due ...preview.Preview) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.readErr, w.due = readErr, due
}

// reaps runs a reaper in a bubble; looks waits until it has looked so many times more.
func reaps(t *testing.T, w *world, leads bool, during func(looks func(times int))) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		logger, hook := test.NewNullLogger()
		w.stopped, w.said = map[string][]preview.Code{}, hook
		r := reap.New(reap.Options{
			Rows: w, Stopper: w, Idle: time.Minute, Every: every, Now: time.Now,
			Leads: func(context.Context) bool { return leads }, Log: logrus.NewEntry(logger),
		})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); r.Run(ctx) }()
		time.Sleep(every / 2)
		during(func(times int) {
			time.Sleep(time.Duration(times) * every)
			synctest.Wait()
		})
		cancel()
		<-done
	})
}

func (w *world) wants(t *testing.T, want map[string][]preview.Code) {
	t.Helper()
	if !maps.EqualFunc(w.stopped, want, slices.Equal) {
		t.Errorf("stopped %v, want %v", w.stopped, want)
	}
}

func TestEndsWithTheReasonThatApplies(t *testing.T) {
	w := &world{}
	reaps(t, w, true, func(looks func(int)) {
		w.becomes(nil, preview.Preview{ID: "old", ExpiresAt: time.Now()}, preview.Preview{ID: "unused", ExpiresAt: time.Now().Add(time.Hour)})
		looks(1)
		w.wants(t, map[string][]preview.Code{"old": {preview.Expired}, "unused": {preview.Idle}})
		if w.idle != time.Minute {
			t.Errorf("looked for what is unused for %v", w.idle)
		}
	})
}

func TestOnlyTheLeaderReaps(t *testing.T) {
	w := &world{due: []preview.Preview{{ID: "old"}}}
	reaps(t, w, false, func(looks func(int)) {
		looks(3)
		w.wants(t, nil)
	})
}

// TestOneThatIsStuckKeepsNobody has an end take for ever: others end meanwhile, and it is not begun again beside itself.
func TestOneThatIsStuckKeepsNobody(t *testing.T) {
	w := &world{stuck: "stuck", due: []preview.Preview{{ID: "stuck"}}}
	reaps(t, w, true, func(looks func(int)) {
		looks(3)
		w.becomes(nil, preview.Preview{ID: "stuck"}, preview.Preview{ID: "next"})
		looks(1)
		w.wants(t, map[string][]preview.Code{"stuck": {preview.Expired}, "next": {preview.Expired}})
	})
	if said := w.said.AllEntries(); len(said) > 0 {
		t.Errorf("of an end that the reaper's own cut off it says %q", said[0].Message)
	}
}

func TestAnEndThatFailsIsTriedAgain(t *testing.T) {
	w := &world{due: []preview.Preview{{ID: "a"}}, stopErr: errors.New("busy")}
	reaps(t, w, true, func(looks func(int)) {
		looks(2)
		w.wants(t, map[string][]preview.Code{"a": {preview.Expired, preview.Expired}})
	})
	if e := w.said.LastEntry(); e == nil || e.Data["preview_id"] != "a" || !errors.Is(e.Data[logrus.ErrorKey].(error), w.stopErr) {
		t.Errorf("said %+v", e)
	}
}

func TestGoesOnAfterAReadThatFails(t *testing.T) {
	w := &world{readErr: errors.New("database away")}
	reaps(t, w, true, func(looks func(int)) {
		looks(1)
		if e := w.said.LastEntry(); e == nil || !strings.Contains(e.Data[logrus.ErrorKey].(error).Error(), "read due previews: database away") {
			t.Errorf("said %+v", e)
		}
		w.becomes(nil, preview.Preview{ID: "late", ExpiresAt: time.Now()})
		looks(1)
		w.wants(t, map[string][]preview.Code{"late": {preview.Expired}})
	})
}
