package usage

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"previewd/runtime/preview"
)

// machine is an engine whose instances burn one core and 100 MB each.
type machine struct {
	began time.Time
	err   error
	reads int
}

func (m *machine) Stats(context.Context, string) (preview.Stats, error) {
	m.reads++
	return preview.Stats{MemoryBytes: 100, MemoryLimit: 200, CPUSeconds: time.Since(m.began).Seconds(), CPUPercent: 100}, m.err
}

func TestMeterAddsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		registry, metrics := newTestMetrics()
		engine := &machine{began: time.Now()}
		running := []string{"a", "b"}
		m := NewMeter(New(engine), func() []string { return running }, metrics)
		readings := func(n int) {
			for range n {
				time.Sleep(10 * time.Second)
				m.Once(t.Context())
			}
		}
		readings(2)
		want(t, registry, map[string]float64{"preview_cpu_seconds_total": 40, "preview_memory_usage_bytes": 200, "preview_memory_reading_ratio": 4})

		running = running[:1]
		readings(1)
		want(t, registry, map[string]float64{"preview_cpu_seconds_total": 50, "preview_memory_usage_bytes": 100, "preview_memory_reading_ratio": 5})

		engine.err = errors.New("away")
		readings(1)
		engine.err = nil
		readings(1)
		want(t, registry, map[string]float64{"preview_cpu_seconds_total": 70, "preview_memory_usage_bytes": 100, "preview_memory_reading_ratio": 6})

		engine.began = time.Now() // the instance was started again
		readings(1)
		want(t, registry, map[string]float64{"preview_cpu_seconds_total": 80})
	})
}

func TestMeterReadsUntilItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		registry, metrics := newTestMetrics()
		m := NewMeter(New(&machine{began: time.Now()}), func() []string { return []string{"a"} }, metrics)
		ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
		defer cancel()
		m.Run(ctx, 10*time.Second) // reads at 0, 10 and 20 s
		want(t, registry, map[string]float64{"preview_cpu_seconds_total": 20, "preview_memory_reading_ratio": 3})
	})
}

func TestNobodyMeasures(t *testing.T) {
	NewMeter(New(&machine{began: time.Now()}), func() []string { return []string{"a"} }, nil).Once(t.Context())
}
