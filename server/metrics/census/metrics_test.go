package census

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	logtest "github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/preview"
)

// rows counts how often it is asked.
type rows struct {
	asked int
	err   error
}

func (r *rows) Census(_ context.Context, low, high int) (preview.Census, error) {
	r.asked++
	return preview.Census{
		Previews: map[preview.Status]int{preview.Running: 3}, Ports: high - low, MemoryLimitMB: 2, Uptime: time.Minute,
		WebhooksPending: 4, WebhooksDead: 5, WebhookOldest: time.Second,
	}, r.err
}

func TestOneQueryASecond(t *testing.T) {
	db, now := &rows{}, time.Now()
	logger, said := logtest.NewNullLogger()
	c := New(Options{Rows: db, PortMin: 1, PortMax: 10, Log: logger.WithField("", ""), Now: func() time.Time { return now }})
	registry := prometheus.NewRegistry()
	registry.MustRegister(c)
	for range 3 {
		if err := testutil.GatherAndCompare(registry, strings.NewReader(`
			# HELP preview_instances Active previews by status. From the database: the same on every replica.
			# TYPE preview_instances gauge
			preview_instances{status="running"} 3
			preview_instances{status="starting"} 0
			preview_instances{status="stopping"} 0
			# HELP preview_ports_total Host ports of the configured range.
			# TYPE preview_ports_total gauge
			preview_ports_total 10
			# HELP preview_memory_limit_bytes Memory that the active previews may use, their limits added up. From the database: the same on every replica.
			# TYPE preview_memory_limit_bytes gauge
			preview_memory_limit_bytes 2.097152e+06
		`), "preview_instances", "preview_ports_total", "preview_memory_limit_bytes"); err != nil {
			t.Fatal(err)
		}
	}
	if db.asked != 1 {
		t.Errorf("asked %d times within a second", db.asked)
	}
	now, db.err = now.Add(fresh), errors.New("away")
	for range 2 {
		if n, err := testutil.GatherAndCount(registry); err != nil || n != 2 {
			t.Errorf("%d series of a database that is away, %v: want up and the ports", n, err)
		}
		now = now.Add(fresh)
	}
	if len(said.AllEntries()) != 1 {
		t.Errorf("said %d times that the database is away", len(said.AllEntries()))
	}
}
