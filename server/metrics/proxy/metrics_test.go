package proxy

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

func TestAnAppCannotMakeSeries(t *testing.T) {
	registry := prometheus.NewRegistry()
	m := NewMetrics(registry).On(Gateway)
	for status := range 1000 {
		m.Begin()
		m.End(status, time.Millisecond)
	}
	if n, err := testutil.GatherAndCount(registry, "preview_proxy_requests_total"); err != nil || n > 70 {
		t.Errorf("%d series, %v", n, err)
	}
	if n := testutil.ToFloat64(m.m.active.WithLabelValues(Gateway)); n != 0 {
		t.Errorf("%v are under way", n)
	}
	for status, code := range map[int]string{0: "none", 999: "other", 200: "200", 101: "101", 503: "503"} {
		if n := testutil.ToFloat64(m.m.requests.WithLabelValues(Gateway, code)); n < 1 {
			t.Errorf("%d did not count as %s", status, code)
		}
	}
	none := (*Metrics)(nil).On(Request)
	none.Begin()
	none.End(200, 0)
}
