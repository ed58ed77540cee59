package logs

import (
	"github.com/prometheus/client_golang/prometheus"

	"previewd/runtime/preview"
)

// collector tells Prometheus what Stats tells.
type collector struct {
	logs *Logs

	lines, bytes, stored, failures, dropped, journals, readers, queueLines, queueBytes, queueShare *prometheus.Desc
}

// Collector returns what tells Prometheus of the logs.
func (l *Logs) Collector() prometheus.Collector {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	return &collector{
		logs:       l,
		lines:      desc("preview_log_lines_total", "Lines that arrived from apps and installs, by the stream they were written to.", "stream"),
		bytes:      desc("preview_log_bytes_total", "Text of these lines."),
		stored:     desc("preview_log_stored_lines_total", "Lines that were stored, previewd's own among them."),
		failures:   desc("preview_log_store_failures_total", "Batches of lines that could not be stored at once; they are tried again."),
		dropped:    desc("preview_log_lines_dropped_total", "Lines that were dropped, of each of which the log says so: flooded (the app wrote too fast), outrun (the engine's files were full before they were read), unstored (the store was away for long), slow (for one reader who was too slow).", "cause"),
		journals:   desc("preview_log_journals", "Open journals: one per preview that this replica runs."),
		readers:    desc("preview_log_readers", "Readers who follow a log."),
		queueLines: desc("preview_log_queue_lines", "Lines that wait to be stored."),
		queueBytes: desc("preview_log_queue_bytes", "Text of these lines."),
		queueShare: desc("preview_log_queue_ratio", "How full the queue to the store is; at 1 the engine's output is not read on."),
	}
}

// Describe is a prometheus.Collector's.
func (c *collector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		c.lines, c.bytes, c.stored, c.failures, c.dropped, c.journals, c.readers, c.queueLines, c.queueBytes, c.queueShare,
	} {
		to <- d
	}
}

// Collect is a prometheus.Collector's.
func (c *collector) Collect(to chan<- prometheus.Metric) {
	tell := func(d *prometheus.Desc, kind prometheus.ValueType, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, kind, value, labels...)
	}
	s, count, gauge := c.logs.Stats(), prometheus.CounterValue, prometheus.GaugeValue
	tell(c.lines, count, float64(s.Lines-s.ErrLines), string(preview.Stdout))
	tell(c.lines, count, float64(s.ErrLines), string(preview.Stderr))
	tell(c.bytes, count, float64(s.Bytes))
	tell(c.stored, count, float64(s.Stored))
	tell(c.failures, count, float64(s.StoreFailures))
	tell(c.dropped, count, float64(s.DroppedFlooded), "flooded")
	tell(c.dropped, count, float64(s.DroppedOutrun), "outrun")
	tell(c.dropped, count, float64(s.DroppedUnstored), "unstored")
	tell(c.dropped, count, float64(s.DroppedSlow), "slow")
	tell(c.journals, gauge, float64(s.Journals))
	tell(c.readers, gauge, float64(s.Readers))
	tell(c.queueLines, gauge, float64(s.QueueLines))
	tell(c.queueBytes, gauge, float64(s.QueueBytes))
	o := c.logs.opt
	tell(c.queueShare, gauge, max(float64(s.QueueLines)/float64(o.QueueLines), float64(s.QueueBytes)/float64(o.QueueBytes)))
}
