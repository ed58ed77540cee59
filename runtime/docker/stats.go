package docker

import (
	"context"
	"encoding/json"
	"time"

	"github.com/docker/docker/api/types/container"

	"previewd/runtime/preview"
)

// cpuReading is the previous reading of an instance, which CPUPercent is measured against.
type cpuReading struct {
	at  time.Time
	cpu uint64 // nanoseconds of CPU time
}

// Stats reads an instance's use of the machine once; CPUPercent is 0 at the first reading. An instance that does
// not run uses nothing, which is no error.
func (b *Backend) Stats(ctx context.Context, id string) (preview.Stats, error) {
	ctx, cancel := b.asking(ctx)
	defer cancel()
	resp, err := b.api.ContainerStatsOneShot(ctx, id)
	if err != nil {
		return preview.Stats{}, InstanceError("stats of", id, err)
	}
	defer func() { _ = resp.Body.Close() }() // read only
	var s container.StatsResponse
	if err := json.NewDecoder(resp.Body).Decode(&s); err != nil {
		return preview.Stats{}, InstanceError("stats of", id, err)
	}
	if s.Read.IsZero() || s.Read.Year() <= 1 {
		b.readings.Delete(id)
		return preview.Stats{At: time.Now()}, nil
	}
	now := cpuReading{at: s.Read, cpu: s.CPUStats.CPUUsage.TotalUsage}
	before, _ := b.readings.Swap(id, now)
	return preview.Stats{
		At:          s.Read,
		MemoryBytes: memoryInUse(s.MemoryStats),
		MemoryPeak:  s.MemoryStats.MaxUsage,
		MemoryLimit: s.MemoryStats.Limit,
		CPUPercent:  cpuPercent(before, now),
		CPUSeconds:  float64(now.cpu) / 1e9,
		PIDs:        s.PidsStats.Current,
	}, nil
}

// memoryInUse leaves out the page cache that the kernel would drop first, as the docker CLI does. The counter is
// called total_inactive_file on cgroup v1 and inactive_file on v2.
func memoryInUse(m container.MemoryStats) uint64 {
	cache, v1 := m.Stats["total_inactive_file"]
	if !v1 {
		cache = m.Stats["inactive_file"]
	}
	if cache > m.Usage {
		return m.Usage
	}
	return m.Usage - cache
}

// cpuPercent is the share of one core between two readings.
func cpuPercent(before any, now cpuReading) float64 {
	was, ok := before.(cpuReading)
	if !ok || !now.at.After(was.at) || now.cpu < was.cpu {
		return 0
	}
	return 100 * float64(now.cpu-was.cpu) / float64(now.at.Sub(was.at))
}
