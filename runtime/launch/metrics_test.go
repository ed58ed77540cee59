package launch

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"previewd/runtime/preview"
)

// An alert counts how much a series grew. One that begins with its first failures has not grown by them.
func TestPlatformFailuresAreCountedFromNought(t *testing.T) {
	reg := prometheus.NewRegistry()
	NewMetrics(reg)
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
