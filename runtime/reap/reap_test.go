package reap_test

import (
	"context"
	"errors"
	"maps"
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

type world struct {
	mu      sync.Mutex
	due     []preview.Preview
	readErr error
	stopErr error
	idle    time.Duration
	stopped map[string]preview.Code
}

func (w *world) DuePreviews(_ context.Context, _ time.Time, idle time.Duration) ([]preview.Preview, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.idle = idle
	return w.due, w.readErr
}

func (w *world) StopPreview(_ context.Context, id string, code preview.Code) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopErr != nil {
		return w.stopErr
	}
	w.stopped[id] = code
	w.due = nil
	return nil
}

func reaper(w *world, leads bool) *reap.Reaper {
	w.stopped = map[string]preview.Code{}
	logger, _ := test.NewNullLogger()
	return reap.New(reap.Options{
		Rows: w, Stopper: w, Idle: time.Minute, Every: time.Second, Now: time.Now,
		Leads: func(context.Context) bool { return leads }, Log: logrus.NewEntry(logger),
	})
}

func TestEndsWithTheReasonThatApplies(t *testing.T) {
	now := time.Now()
	w := &world{due: []preview.Preview{{ID: "old", ExpiresAt: now.Add(-time.Second)}, {ID: "unused", ExpiresAt: now.Add(time.Hour)}}}
	if err := reaper(w, true).Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := map[string]preview.Code{"old": preview.Expired, "unused": preview.Idle}
	if !maps.Equal(w.stopped, want) || w.idle != time.Minute {
		t.Errorf("stopped %v with idle %v, want %v", w.stopped, w.idle, want)
	}
}

func TestOnlyTheLeaderReaps(t *testing.T) {
	w := &world{due: []preview.Preview{{ID: "old"}}}
	if err := reaper(w, false).Once(t.Context()); err != nil || len(w.stopped) > 0 {
		t.Errorf("Once = %v, stopped %v", err, w.stopped)
	}
}

func TestErrorsNameTheStep(t *testing.T) {
	w := &world{readErr: errors.New("gone")}
	if err := reaper(w, true).Once(t.Context()); err == nil || !strings.Contains(err.Error(), "read due previews: gone") {
		t.Errorf("Once = %v", err)
	}
	w = &world{due: []preview.Preview{{ID: "a"}, {ID: "b"}}, stopErr: errors.New("busy")}
	if err := reaper(w, true).Once(t.Context()); !errors.Is(err, w.stopErr) {
		t.Errorf("Once = %v", err)
	}
}

func TestRunsEveryIntervalAndGoesOnAfterErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{readErr: errors.New("database away")}
		r := reaper(w, true)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); r.Run(ctx) }()
		time.Sleep(1500 * time.Millisecond)
		w.mu.Lock()
		w.readErr, w.due = nil, []preview.Preview{{ID: "late", ExpiresAt: time.Now()}}
		w.mu.Unlock()
		time.Sleep(time.Second)
		cancel()
		<-done
		if w.stopped["late"] != preview.Expired {
			t.Errorf("stopped %v", w.stopped)
		}
	})
}
