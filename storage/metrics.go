package storage

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Collector tells of the pool of connections.
func (s *Store) Collector() prometheus.Collector {
	return collectors.NewDBStatsCollector(s.db.DB, "previewd")
}
