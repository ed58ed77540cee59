package launch_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"previewd/runtime/backendtest/fake"
	"previewd/runtime/launch"
	"previewd/runtime/preview"
	"previewd/runtime/shim"
)

func configOf(p *fake.Process) (c shim.Config) {
	if err := json.Unmarshal([]byte(p.Env[shim.EnvConfig]), &c); err != nil {
		panic(err)
	}
	return c
}

// numbered serves and writes one numbered line per value it is sent.
func numbered(more <-chan int) fake.Program {
	return func(ctx context.Context, p *fake.Process) int {
		if err := p.Serve(http.NotFoundHandler()); err != nil {
			return 99
		}
		for {
			select {
			case n := <-more:
				_, _ = fmt.Fprintf(p.Stdout, "line %d\n", n)
			case <-ctx.Done():
				return 0
			}
		}
	}
}

func TestAKeptPreviewIsAdoptedWithoutAGapInItsLog(t *testing.T) {
	more := make(chan int)
	w := newWorld(t, numbered(more))
	w.put("g", nodeApp)
	p := w.running(w.launch("g").ID)
	for n := range 10 {
		more <- n
	}
	bound, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	if err := w.Close(bound, true); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Launch(t.Context(), launch.Request{GenerationID: "g", UserID: "u"}); !errors.Is(err, launch.ErrShuttingDown) {
		t.Errorf("a launch after the close: %v", err)
	}
	for n := range 10 {
		more <- 10 + n
	}
	w.restart("second")
	row, err := w.store.Preview(t.Context(), p.ID)
	if err != nil || row.Status != preview.Running {
		t.Fatalf("kept preview is %s, %v", row.Status, err)
	}
	if err := w.Adopt(row); err != nil {
		t.Fatal(err)
	}
	if !w.Owns(p.ID) || w.Active() != 1 {
		t.Error("the adopted preview is not owned")
	}
	for n := range 10 {
		more <- 20 + n
	}
	if err := w.Stop(t.Context(), "g", preview.User); err != nil {
		t.Fatal(err)
	}
	text := w.logText(p.ID)
	for n := range 30 {
		if c := strings.Count(text, fmt.Sprintf("subprocess line %d\n", n)); c != 1 {
			t.Errorf("line %d is there %d times", n, c)
		}
	}
	w.nothingLeft()
}

func TestAnAdoptedPreviewThatDiedIsExplained(t *testing.T) {
	die := make(chan int)
	w := newWorld(t, func(ctx context.Context, p *fake.Process) int {
		if err := p.Serve(http.NotFoundHandler()); err != nil {
			return 99
		}
		select {
		case code := <-die:
			_, _ = fmt.Fprintln(p.Stderr, "panic: lost it")
			return code
		case <-ctx.Done():
			return 0
		}
	})
	w.put("g", nodeApp)
	p := w.running(w.launch("g").ID)
	if err := w.Close(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	die <- 2
	w.restart("second")
	if err := w.Adopt(p); err != nil {
		t.Fatal(err)
	}
	if p = w.ended(p.ID); p.Status != preview.Failed || p.Reason.Code != preview.AppExited || !strings.Contains(p.Reason.Message, "panic: lost it") {
		t.Errorf("ended as %s for %+v", p.Status, p.Reason)
	}
	w.nothingLeft()
}

func TestAnInstanceThatSomebodyRemovedIsLost(t *testing.T) {
	w := newWorld(t, serve)
	w.put("g", nodeApp)
	p := w.running(w.launch("g").ID)
	if err := w.engine.Remove(t.Context(), p.InstanceID); err != nil {
		t.Fatal(err)
	}
	if p = w.ended(p.ID); p.Status != preview.Failed || p.Reason.Code != preview.InstanceLost {
		t.Errorf("ended as %s for %+v", p.Status, p.Reason)
	}
}

func TestResumeStartsFromTheFirstStage(t *testing.T) {
	w := newWorld(t, serve)
	w.put("g", nodeApp)
	held := make(chan struct{})
	w.images.deps = func(ctx context.Context) error { close(held); <-ctx.Done(); return ctx.Err() }
	p := w.launch("g")
	<-held
	if err := w.Close(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	w.images.deps = nil
	w.restart("second")
	row, err := w.store.Preview(t.Context(), p.ID)
	if err != nil || row.Status != preview.Starting {
		t.Fatalf("left behind as %s, %v", row.Status, err)
	}
	if err := w.Resume(row); err != nil {
		t.Fatal(err)
	}
	w.running(p.ID)
}

func TestDiscardEndsWhatNobodyRuns(t *testing.T) {
	w := newWorld(t, serve)
	w.put("g", nodeApp)
	p := w.running(w.launch("g").ID)
	if err := w.Close(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	w.restart("second")
	if err := w.Discard(p); err != nil {
		t.Fatal(err)
	}
	if p = w.ended(p.ID); p.Reason.Code != preview.InstanceLost {
		t.Errorf("discarded for %+v", p.Reason)
	}
	w.nothingLeft()
}

func TestAFailedCleanUpHoldsThePortUntilItSucceeds(t *testing.T) {
	w := newWorld(t, exitWith(1, "Error: gone"))
	w.put("g", nodeApp)
	w.engine.Fail("remove", preview.ErrEngineUnavailable)
	p := w.launch("g")
	p = w.until(p.ID, "stopping, still with its port", func(p preview.Preview) bool { return p.Status == preview.Stopping })
	if p.Reason == nil || p.Reason.Code != preview.AppExited {
		t.Errorf("reason %+v", p.Reason)
	}
	w.engine.Fail("remove", nil)
	for w.Owns(p.ID) {
		w.until(p.ID, "let go", func(preview.Preview) bool { return true })
	}
	if err := w.Discard(p); err != nil {
		t.Fatal(err)
	}
	if p = w.ended(p.ID); p.Status != preview.Failed || p.Reason.Code != preview.AppExited {
		t.Errorf("ended as %s for %+v", p.Status, p.Reason)
	}
	w.nothingLeft()
}

func TestShutdownStopsEveryPreview(t *testing.T) {
	w := newWorld(t, serve)
	w.put("a", nodeApp)
	w.put("b", nodeApp)
	a, b := w.running(w.launch("a").ID), w.running(w.launch("b").ID)
	if err := w.Close(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{a.ID, b.ID} {
		if p := w.ended(id); p.Status != preview.Stopped || p.Reason.Code != preview.Shutdown {
			t.Errorf("ended as %s for %+v", p.Status, p.Reason)
		}
	}
	w.nothingLeft()
}

func TestFailEndsARunningPreview(t *testing.T) {
	w := newWorld(t, serve)
	w.put("g", nodeApp)
	p := w.running(w.launch("g").ID)
	w.Fail("no-such-preview", &preview.Reason{Code: preview.DiskFull})
	w.Fail(p.ID, &preview.Reason{Code: preview.DiskFull, Message: "The app wrote too much."})
	if p = w.ended(p.ID); p.Status != preview.Failed || p.Reason.Code != preview.DiskFull {
		t.Errorf("ended as %s for %+v", p.Status, p.Reason)
	}
	w.nothingLeft()
}

func TestTheEngineGoesAwayAndComesBack(t *testing.T) {
	w := newWorld(t, serve)
	w.put("g", nodeApp)
	p := w.running(w.launch("g").ID)
	w.engine.SetDown(true)
	w.engine.SetDown(false)
	resp, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/", p.Port))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if err := w.Stop(t.Context(), "g", preview.User); err != nil {
		t.Fatal(err)
	}
	if p = w.ended(p.ID); p.Reason.Code != preview.User {
		t.Errorf("ended for %+v", p.Reason)
	}
}

func TestAStopTellsWhenTheEngineIsAway(t *testing.T) {
	w := newWorld(t, serve)
	w.put("g", nodeApp)
	p := w.running(w.launch("g").ID)
	w.engine.SetDown(true)
	for range 2 { // the second one finds a preview that is stopping and that nobody runs
		if err := w.Stop(t.Context(), "g", preview.User); !errors.Is(err, preview.ErrEngineUnavailable) {
			t.Errorf("a stop without an engine: %v", err)
		}
	}
	w.engine.SetDown(false)
	row, err := w.store.Preview(t.Context(), p.ID)
	if err != nil || row.Status != preview.Stopping {
		t.Fatalf("it is %s, %v", row.Status, err)
	}
	if err := w.Discard(row); err != nil {
		t.Fatal(err)
	}
	if p = w.ended(p.ID); p.Status != preview.Stopped || p.Reason.Code != preview.User {
		t.Errorf("ended as %s for %+v", p.Status, p.Reason)
	}
	w.nothingLeft()
}

func TestAStopWaitsForTheProcessThatRunsThePreview(t *testing.T) {
	w := newWorld(t, serve)
	w.put("g", nodeApp)
	p := w.running(w.launch("g").ID)
	first := w.Service
	w.restart("second")
	stopped := make(chan error, 1)
	go func() { stopped <- w.Stop(t.Context(), "g", preview.User) }()
	row := w.until(p.ID, "stopping", func(p preview.Preview) bool { return p.Status == preview.Stopping })
	select {
	case err := <-stopped:
		t.Fatalf("the stop of a preview that still runs: %v", err)
	default:
	}
	first.Noticed(row)
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	row, err := w.store.Preview(t.Context(), p.ID)
	if err != nil || row.Status != preview.Stopped || row.Reason.Code != preview.User {
		t.Errorf("after the stop it is %s for %+v, %v", row.Status, row.Reason, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Stop(ctx, "g", preview.User); !errors.Is(err, context.Canceled) {
		t.Errorf("a stop of a caller that left: %v", err)
	}
}

func TestAReleasedPreviewIsTheOtherProcesss(t *testing.T) {
	w := newWorld(t, serve)
	w.put("g", nodeApp)
	p := w.running(w.launch("g").ID)
	first := w.Service
	w.restart("second")
	first.Release("no-such-preview")
	first.Release(p.ID)
	for first.Owns(p.ID) {
		w.until(p.ID, "running on", func(p preview.Preview) bool { return p.Status == preview.Running })
	}
	if err := w.Adopt(p); err != nil {
		t.Fatal(err)
	}
	if err := w.Stop(t.Context(), "g", preview.User); err != nil {
		t.Fatal(err)
	}
	if p = w.ended(p.ID); p.Status != preview.Stopped || p.Reason.Code != preview.User {
		t.Errorf("ended as %s for %+v", p.Status, p.Reason)
	}
	w.nothingLeft()
}

func TestStoppingAPreviewOfAnotherProcessOnlyMarksIt(t *testing.T) {
	w := newWorld(t, serve)
	w.put("g", nodeApp)
	p := w.running(w.launch("g").ID)
	first := w.Service
	w.restart("second")
	if err := w.StopPreview(t.Context(), p.ID, preview.Expired); err != nil {
		t.Fatal(err)
	}
	row := w.until(p.ID, "stopping", func(p preview.Preview) bool { return p.Status == preview.Stopping })
	first.Noticed(row)
	if p = w.ended(p.ID); p.Status != preview.Stopped || p.Reason.Code != preview.Expired {
		t.Errorf("ended as %s for %+v", p.Status, p.Reason)
	}
	if err := w.Stop(t.Context(), "unknown", preview.User); !errors.Is(err, preview.ErrPreviewNotFound) {
		t.Errorf("stop of an unknown generation: %v", err)
	}
}

// TestADatabaseThatGoesAwayEndsNothing: what fails for that is made again, also when it was made and only the answer is lost.
func TestADatabaseThatGoesAwayEndsNothing(t *testing.T) {
	w := newWorld(t, serve)
	w.shaky = true
	w.restart("shaky")
	w.put("g", nodeApp)
	p := w.running(w.launch("g").ID)
	if err := w.Stop(t.Context(), "g", preview.User); err != nil {
		t.Fatal(err)
	}
	if p = w.ended(p.ID); p.Status != preview.Stopped || p.Reason.Code != preview.User {
		t.Errorf("ended as %s for %+v", p.Status, p.Reason)
	}
	w.images.deps = func(context.Context) error {
		return &preview.Reason{Code: preview.InstallFailed, Message: "It was refused."}
	}
	p = w.ended(w.launch("g").ID)
	for w.Owns(p.ID) {
		w.ended(p.ID)
	}
	for of, want := range map[string]float64{"success": 1, "failure": 1} {
		if got := w.counts.of(t, "preview_launches_total", of); got != want {
			t.Errorf("%v launches are counted as %s, want %v", got, of, want)
		}
	}
	w.nothingLeft()
}
