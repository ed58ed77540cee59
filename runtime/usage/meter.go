package usage

import (
	"context"
	"time"

	"previewd/runtime/preview"
)

// Meter reads all running instances now and then and adds up what they use. Its fields belong to the goroutine of Run.
type Meter struct {
	sampler   *Sampler
	instances func() []string
	metrics   *Metrics
	cpu       map[string]float64 // seconds at the reading before
}

// NewMeter returns a Meter of the instances that the function lists.
func NewMeter(s *Sampler, instances func() []string, m *Metrics) *Meter {
	return &Meter{sampler: s, instances: instances, metrics: m, cpu: map[string]float64{}}
}

// Run reads until ctx ends. It asks the engine one question at a time, and none where somebody has just asked it.
func (m *Meter) Run(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		m.Once(ctx)
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// Once reads every instance once. One that cannot be read is left out: it is about to end, or the engine is away.
func (m *Meter) Once(ctx context.Context) {
	var memory uint64
	seen := map[string]float64{}
	for _, id := range m.instances() {
		stats, err := m.sampler.Stats(ctx, id)
		if ctx.Err() != nil {
			return
		}
		if err != nil || stats.MemoryLimit == 0 { // ended ones use nothing, which is no reading
			if before, known := m.cpu[id]; known {
				seen[id] = before
			}
			continue
		}
		memory += stats.MemoryBytes
		m.metrics.read(stats, m.spent(id, stats))
		seen[id] = stats.CPUSeconds
	}
	m.cpu = seen
	m.metrics.memoryNow(memory)
}

// spent is the CPU time since the reading before, or since the instance's start.
func (m *Meter) spent(id string, stats preview.Stats) float64 {
	before := m.cpu[id]
	if stats.CPUSeconds < before {
		before = 0 // it was started again
	}
	return stats.CPUSeconds - before
}
