// Package census tells Prometheus what the database says of all previews, so that the numbers are right however many
// previewd share it: every one of them tells the same.
package census

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
)

// How old a count may be, and how long one may take: a scrape waits for it.
const (
	fresh   = time.Second
	timeout = 3 * time.Second
)

// Rows counts.
type Rows interface {
	Census(ctx context.Context, portMin, portMax int) (preview.Census, error)
}

// Options of a Collector. All are needed.
type Options struct {
	Rows             Rows
	PortMin, PortMax int
	Log              *logrus.Entry
	Now              func() time.Time
}

// Collector counts at a scrape, at most once a second.
type Collector struct {
	Options
	descs

	mu    sync.Mutex
	at    time.Time
	known preview.Census
	err   error
}

type descs struct {
	up, instances, uptime, memory, portsUsed, ports, backlog, dead, oldest *prometheus.Desc
}

const everywhere = " From the database: the same on every replica."

// New returns a Collector that has counted nothing yet.
func New(o Options) *Collector {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	return &Collector{Options: o, descs: descs{
		up:        desc("preview_database_up", "1 when the database answered the scrape's query, 0 when it did not."),
		instances: desc("preview_instances", "Active previews by status."+everywhere, "status"),
		uptime:    desc("preview_running_uptime_seconds", "How long the running previews have run, all of them added up."+everywhere),
		memory:    desc("preview_memory_limit_bytes", "Memory that the active previews may use, their limits added up."+everywhere),
		portsUsed: desc("preview_ports_in_use", "Host ports of the configured range that active previews hold."+everywhere),
		ports:     desc("preview_ports_total", "Host ports of the configured range."),
		backlog:   desc("preview_webhook_backlog_events", "Webhook events that wait to be delivered."+everywhere),
		dead:      desc("preview_webhook_dead_events", "Webhook events that were given up and are still kept."+everywhere),
		oldest:    desc("preview_webhook_oldest_pending_seconds", "Age of the oldest webhook event that waits to be delivered, 0 without one."+everywhere),
	}}
}

// Describe is a prometheus.Collector's.
func (c *Collector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.up, c.instances, c.uptime, c.memory, c.portsUsed, c.ports, c.backlog, c.dead, c.oldest} {
		to <- d
	}
}

// Collect is a prometheus.Collector's. While the database is away only that is told: no number is better than an old one.
func (c *Collector) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	gauge(c.ports, float64(c.PortMax-c.PortMin+1))
	now, err := c.count()
	if err != nil {
		gauge(c.up, 0)
		return
	}
	gauge(c.up, 1)
	for _, status := range []preview.Status{preview.Starting, preview.Running, preview.Stopping} {
		gauge(c.instances, float64(now.Previews[status]), string(status))
	}
	gauge(c.uptime, now.Uptime.Seconds())
	gauge(c.memory, float64(now.MemoryLimitMB)*(1<<20))
	gauge(c.portsUsed, float64(now.Ports))
	gauge(c.backlog, float64(now.WebhooksPending))
	gauge(c.dead, float64(now.WebhooksDead))
	gauge(c.oldest, now.WebhookOldest.Seconds())
}

// count is one query for all who scrape within a second.
func (c *Collector) count() (preview.Census, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.at.IsZero() && c.Now().Sub(c.at) < fresh {
		return c.known, c.err
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	before := c.err
	c.known, c.err = c.Rows.Census(ctx, c.PortMin, c.PortMax)
	c.at = c.Now()
	if c.err != nil && before == nil {
		c.Log.WithError(c.err).Warn("cannot count the previews for a scrape")
	}
	return c.known, c.err
}
