package reconcile_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"previewd/runtime/preview"
)

// What changed between the look and the takeover is decided upon anew.
func TestWhatChangedMeanwhileWaitsForTheNextLook(t *testing.T) {
	s := newScene(row("up", preview.Starting, "dead", "i1"), row("gone", preview.Running, "dead", "i2"),
		row("lost", preview.Running, "dead", "i3"), row("same", preview.Running, "dead", "i4"))
	s.meanwhile = func() {
		s.rows[0].Status = preview.Running
		s.rows[2].Request.Launcher = "other"
		s.rows = slices.Delete(s.rows, 1, 2)
		s.meanwhile = nil
	}
	during(t, s, func(t *testing.T) {
		s.expect(t, "at the start", "expel dead", "adopt same")
		time.Sleep(5 * time.Second)
		s.expect(t, "at the next look", "adopt up", "remove i2")
	})
}

// TestWhatTheEngineHasIsTakenOver: the process died before it wrote down what it had created.
func TestWhatTheEngineHasIsTakenOver(t *testing.T) {
	s := newScene(row("p", preview.Running, "dead", "i1"))
	s.rows[0].InstanceID = ""
	during(t, s, func(t *testing.T) {
		s.expect(t, "at the start", "expel dead", "adopt p")
		if got := s.taken[0]; got.InstanceID != "i1" || got.Request.Launcher != "me" {
			t.Errorf("it is adopted as %+v", got)
		}
	})
}

func TestManyAreTakenOldestFirst(t *testing.T) {
	s, want := newScene(), []string{"expel dead"}
	for i := range 2500 {
		id := fmt.Sprint("p", i)
		s.rows = append(s.rows, row(id, preview.Starting, "dead", ""))
		want = append(want, "resume "+id)
	}
	during(t, s, func(t *testing.T) { s.expect(t, "at the start", want...) })
}

func TestATakeoverThatFailsIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(row("p", preview.Running, "dead", "i1"), row("q", preview.Running, "dead", "i2"))
		s.instances = append(s.instances, instance("left", "over", preview.KindPreview, 0))
		s.takeover = errors.New("broken")
		loop := s.loop(nil)
		if err := loop.Once(t.Context()); !errors.Is(err, s.takeover) {
			t.Errorf("Once = %v", err)
		}
		s.expect(t, "without a takeover", "expel dead", "remove left")
		time.Sleep(5 * time.Second) // it has to be dead for certain by then
		s.takeover, s.instances = nil, s.instances[:2]
		if err := loop.Once(t.Context()); err != nil {
			t.Error(err)
		}
		s.expect(t, "afterwards", "expel dead", "adopt p", "adopt q")
	})
}
