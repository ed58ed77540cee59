package launch_test

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"previewd/runtime/launch"
	"previewd/runtime/preview"
)

// counts are what a test's service counted.
type counts struct {
	*launch.Metrics
	registry *prometheus.Registry
}

func newCounts() counts {
	reg := prometheus.NewRegistry()
	return counts{Metrics: launch.NewMetrics(reg), registry: reg}
}

// of adds up a counter's series of an outcome.
func (c counts) of(t *testing.T, name, outcome string) float64 {
	t.Helper()
	return c.with(t, name, "outcome", outcome)
}

func (c counts) with(t *testing.T, name, label, value string) (sum float64) {
	t.Helper()
	found, err := c.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range found {
		for _, m := range family.GetMetric() {
			for _, l := range m.GetLabel() {
				if family.GetName() == name && l.GetName() == label && l.GetValue() == value {
					sum += m.GetCounter().GetValue()
				}
			}
		}
	}
	return sum
}

// An alert counts how much a series grew. One that begins with its first failures has not grown by them.
func TestPlatformFailuresAreCountedFromNought(t *testing.T) {
	reg := prometheus.NewRegistry()
	launch.NewMetrics(reg)
	found, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, family := range found {
		for _, m := range family.GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			there[family.GetName()+" "+labels["runtime"]+" "+labels["reason"]] = true
		}
	}
	for _, why := range []preview.Code{preview.EngineUnavailable, preview.InstanceLost, preview.InternalError, preview.NoPorts, preview.DiskFull} {
		for _, rt := range []string{"node", "unknown"} {
			if !there["preview_launches_total "+rt+" "+string(why)] {
				t.Errorf("no series for %s of %s at the start", why, rt)
			}
		}
	}
}
