package reconcile_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"previewd/runtime/preview"
	"previewd/runtime/reconcile"
)

// slow is a scene whose engine takes its time.
type slow struct {
	*scene
	list, remove time.Duration
}

func (s slow) List(ctx context.Context) ([]preview.Instance, error) {
	time.Sleep(s.list)
	return s.scene.List(ctx)
}

func (s slow) Remove(ctx context.Context, id string) error {
	time.Sleep(s.remove)
	return s.scene.Remove(ctx, id)
}

// A pass is as long as the look and everything that was done about it, and counts when it fails, too.
func TestPassesAreTimed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slow{newScene(), 2 * time.Second, 3 * time.Second}
		s.instances = []preview.Instance{instance("left", "gone", preview.KindPreview, 0)}
		reg := prometheus.NewRegistry()
		loop := s.loop(nil)
		loop.Engine, loop.Metrics = s, reconcile.NewMetrics(reg)
		if err := loop.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.change(func() { s.instances, s.engine = nil, errors.New("broken") })
		if err := loop.Once(t.Context()); err == nil {
			t.Fatal("a broken engine is no error")
		}
		if passes, seconds := timed(t, reg); passes != 2 || seconds != 7 {
			t.Errorf("%d passes of %v s in all, want 2 of 7 s", passes, seconds)
		}
	})
}

// timed is what preview_reconcile_seconds tells.
func timed(t *testing.T, reg prometheus.Gatherer) (passes uint64, seconds float64) {
	t.Helper()
	found, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range found {
		if family.GetName() == "preview_reconcile_seconds" {
			h := family.GetMetric()[0].GetHistogram()
			return h.GetSampleCount(), h.GetSampleSum()
		}
	}
	t.Fatal("nothing is told")
	return 0, 0
}
