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
		ctx, cancel := context.WithCancel(t.Context())
		go m.Run(ctx, 10*time.Second)
		time.Sleep(25 * time.Second) // readings at 0, 10 and 20 s
		synctest.Wait()
		want(t, registry, map[string]float64{"preview_cpu_seconds_total": 40, "preview_memory_usage_bytes": 200, "preview_memory_reading_ratio": 6})

		running = running[:1]
		time.Sleep(10 * time.Second)
		synctest.Wait()
		want(t, registry, map[string]float64{"preview_cpu_seconds_total": 50, "preview_memory_usage_bytes": 100, "preview_memory_reading_ratio": 7})

		engine.err = errors.New("away")
		time.Sleep(10 * time.Second)
		synctest.Wait()
		engine.err = nil
		time.Sleep(10 * time.Second)
		synctest.Wait()
		want(t, registry, map[string]float64{"preview_cpu_seconds_total": 70, "preview_memory_usage_bytes": 100, "preview_memory_reading_ratio": 8})

		engine.began = time.Now() // the instance was started again
		time.Sleep(10 * time.Second)
		synctest.Wait()
		want(t, registry, map[string]float64{"preview_cpu_seconds_total": 75})
		cancel()
	})
}

func TestNobodyMeasures(t *testing.T) {
	NewMeter(New(&machine{began: time.Now()}), func() []string { return []string{"a"} }, nil).Once(t.Context())
}
