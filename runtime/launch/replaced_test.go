package launch_test

import (
	"context"
	"net/http"
	"testing"

	"previewd/runtime/backendtest/fake"
	"previewd/runtime/preview"
)

// TestAnAppThatExitsWhileItIsReplaced ends as what was noted first: its exit is no failure.
func TestAnAppThatExitsWhileItIsReplaced(t *testing.T) {
	for name, shaky := range map[string]bool{"": false, "while the database goes away": true} {
		t.Run(name, func(t *testing.T) { exitsWhileReplaced(t, shaky) })
	}
}

func exitsWhileReplaced(t *testing.T, shaky bool) {
	t.Helper()
	exit := make(chan struct{})
	w := newWorld(t, func(ctx context.Context, p *fake.Process) int {
		if err := p.Serve(http.NotFoundHandler()); err != nil {
			return 99
		}
		select {
		case <-exit:
		case <-ctx.Done():
		}
		return 1
	})
	w.shaky = shaky
	w.restart("here")
	w.put("g", nodeApp)
	p := w.running(w.launch("g").ID)
	w.engine.removing = func() { // the exit has been seen, and is not written down yet
		if _, err := w.store.BeginStopping(context.Background(), p.ID, preview.Reason{Code: preview.Replaced}); err != nil {
			t.Error(err)
		}
	}
	close(exit)
	if p = w.ended(p.ID); p.Status != preview.Stopped || p.Reason.Code != preview.Replaced {
		t.Errorf("ended as %s for %+v", p.Status, p.Reason)
	}
	for w.Owns(p.ID) {
		w.ended(p.ID)
	}
	for code, want := range map[preview.Code]float64{preview.Replaced: 1, preview.AppExited: 0} {
		if got := w.counts.with(t, "preview_ends_total", "reason", string(code)); got != want {
			t.Errorf("%v ends are counted for %s, want %v", got, code, want)
		}
	}
	w.nothingLeft()
}
