package usage

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"previewd/runtime/preview"
)

// Metrics tell what running previews use. A nil one tells nothing.
type Metrics struct {
	memory     prometheus.Gauge
	cpu        prometheus.Counter
	memoryEach prometheus.Histogram
	fullEach   prometheus.Histogram
	cpuEach    prometheus.Histogram
}

// NewMetrics registers them.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	auto := promauto.With(reg)
	return &Metrics{
		memory: auto.NewGauge(prometheus.GaugeOpts{
			Name: "preview_memory_usage_bytes",
			Help: "Memory that this replica's running previews use together, as last read.",
		}),
		cpu: auto.NewCounter(prometheus.CounterOpts{
			Name: "preview_cpu_seconds_total",
			Help: "CPU time that this replica's running previews used together. What a preview used after its last reading is not in it.",
		}),
		memoryEach: auto.NewHistogram(prometheus.HistogramOpts{
			Name:    "preview_memory_reading_bytes",
			Help:    "Memory of single previews: one observation per running preview and reading.",
			Buckets: prometheus.ExponentialBuckets(16<<20, 2, 9),
		}),
		fullEach: auto.NewHistogram(prometheus.HistogramOpts{
			Name:    "preview_memory_reading_ratio",
			Help:    "Memory of single previews as a share of their limit: one observation per running preview and reading.",
			Buckets: []float64{.1, .2, .3, .4, .5, .6, .7, .8, .9, .95, 1},
		}),
		cpuEach: auto.NewHistogram(prometheus.HistogramOpts{
			Name:    "preview_cpu_reading_cores",
			Help:    "CPU cores that single previews keep busy: one observation per running preview and reading.",
			Buckets: []float64{.01, .025, .05, .1, .25, .5, .75, 1, 2, 4},
		}),
	}
}

// read counts one reading of one instance.
func (m *Metrics) read(s preview.Stats, cpuSeconds float64) {
	if m == nil {
		return
	}
	m.cpu.Add(cpuSeconds)
	m.memoryEach.Observe(float64(s.MemoryBytes))
	m.fullEach.Observe(float64(s.MemoryBytes) / float64(s.MemoryLimit))
	m.cpuEach.Observe(s.CPUPercent / 100)
}

func (m *Metrics) memoryNow(bytes uint64) {
	if m != nil {
		m.memory.Set(float64(bytes))
	}
}
