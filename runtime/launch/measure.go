package launch

import (
	"context"
	"maps"
	"slices"
	"time"

	"previewd/runtime/usage"
)

// measureEvery is how often what running previews use is read for the metrics: often enough for a graph, and a hundred
// previews cost the engine some percent of a core.
const measureEvery = 15 * time.Second

// measure counts a running preview's instance among those that are measured.
func (s *Service) measure(previewID, instanceID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.uses[previewID] = instanceID
}

// Measure reads what the running previews of this process use, now and then until ctx ends.
func (s *Service) Measure(ctx context.Context) {
	usage.NewMeter(s.usage, s.measured, s.Measured).Run(ctx, measureEvery)
}

// measured lists the instances that run.
func (s *Service) measured() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Values(s.uses))
}
