package launch_test

import (
	"context"
	"testing"

	"previewd/runtime/preview"
	"previewd/storage"
)

// named gives the world's service a Store of its own process, as previewd has.
func (w *world) named(process string) {
	w.t.Helper()
	store, err := storage.Open(w.t.Context(), w.url, storage.Options{Process: process})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = store.Close() })
	w.store, w.lines = store, &linesFake{Store: store}
	w.restart(process)
}

func (w *world) takeOver(p preview.Preview, from, to string) preview.Preview {
	w.t.Helper()
	rows, err := w.store.TakeOver(w.t.Context(), []string{p.ID}, from, to)
	if err != nil || len(rows) != 1 {
		w.t.Fatal(len(rows), err)
	}
	return rows[0]
}

// TestALaunchThatWasTakenOverLeavesNothing: the first process was stopped in the middle of a launch, another one finished it, and then
// the first goes on.
func TestALaunchThatWasTakenOverLeavesNothing(t *testing.T) {
	w := newWorld(t, serve)
	w.named("stale")
	stopped, goOn := make(chan struct{}), make(chan struct{})
	w.images.runtime = func(context.Context) error { close(stopped); <-goOn; return nil }
	w.put("g", nodeApp)
	p := w.launch("g")
	<-stopped
	stale := w.Service

	w.images.runtime = nil
	w.named("next")
	if err := w.Resume(w.takeOver(p, "stale", "next")); err != nil {
		t.Fatal(err)
	}
	p = w.running(p.ID)
	close(goOn)
	for stale.Owns(p.ID) {
		w.until(p.ID, "running on", func(p preview.Preview) bool { return p.Status == preview.Running })
	}
	if got, err := w.store.Preview(t.Context(), p.ID); err != nil || got.InstanceID != p.InstanceID {
		t.Errorf("its instance is now %s, %v", got.InstanceID, err)
	}
	if list, err := w.engine.List(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("one preview has instances %+v, %v", list, err)
	}
	if err := w.Stop(t.Context(), "g", preview.User); err != nil {
		t.Fatal(err)
	}
	w.nothingLeft()
}

// TestAnEndIsNotThatOfWhatWasTakenOver: the first process hears of the instance's end, which is the other's to tell.
func TestAnEndIsNotThatOfWhatWasTakenOver(t *testing.T) {
	w := newWorld(t, serve)
	w.named("stale")
	w.put("g", nodeApp)
	p := w.running(w.launch("g").ID)
	stale := w.Service
	w.named("next")
	p = w.takeOver(p, "stale", "next")
	if err := w.engine.Stop(t.Context(), p.InstanceID, 0); err != nil {
		t.Fatal(err)
	}
	for stale.Owns(p.ID) {
		w.until(p.ID, "running in the database", func(p preview.Preview) bool { return p.Status == preview.Running })
	}
	if err := stale.LetGo(t.Context()); err != nil { // of nothing any more
		t.Fatal(err)
	}
	if err := w.Adopt(p); err != nil {
		t.Fatal(err)
	}
	// The signal and the kill go out at once: the app may be seen to exit by itself.
	if p = w.ended(p.ID); p.Reason.Code != preview.InstanceLost && p.Reason.Code != preview.AppExited {
		t.Errorf("it ended for %+v", p.Reason)
	}
	w.nothingLeft()
}

func TestWhatOthersTookIsLetGo(t *testing.T) {
	w := newWorld(t, serve)
	w.named("stale")
	w.put("g", nodeApp)
	w.put("h", nodeApp)
	taken, kept := w.running(w.launch("g").ID), w.running(w.launch("h").ID)
	w.takeOver(taken, "stale", "next")
	if err := w.LetGo(t.Context()); err != nil {
		t.Fatal(err)
	}
	for w.Owns(taken.ID) {
		w.until(taken.ID, "running on", func(p preview.Preview) bool { return p.Status == preview.Running })
	}
	if !w.Owns(kept.ID) {
		t.Error("it let go of its own, too")
	}
	stale := w.Service
	w.named("next")
	if err := w.Adopt(w.takeOver(taken, "next", "next")); err != nil {
		t.Fatal(err)
	}
	for _, g := range []string{"g", "h"} {
		service := w.Service
		if g == "h" {
			service = stale
		}
		if err := service.Stop(t.Context(), g, preview.User); err != nil {
			t.Fatal(err)
		}
	}
	w.nothingLeft()
}
