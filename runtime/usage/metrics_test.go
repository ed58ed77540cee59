package usage

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

func newTestMetrics() (*prometheus.Registry, *Metrics) {
	r := prometheus.NewRegistry()
	return r, NewMetrics(r)
}

// want compares values; of a histogram, its observations.
func want(t *testing.T, r *prometheus.Registry, values map[string]float64) {
	t.Helper()
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, f := range families {
		m := f.GetMetric()[0]
		got[f.GetName()] = m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
	}
	for name, value := range values {
		if got[name] != value {
			t.Errorf("%s is %v, want %v", name, got[name], value)
		}
	}
}
