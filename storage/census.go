package storage

import (
	"context"
	"fmt"
	"time"

	"previewd/runtime/preview"
)

// Census counts active previews, leases within the range of ports, and webhooks that wait. It reads partial indexes
// that hold active and unsettled rows only, so that it costs the same however many have ended.
func (s *Store) Census(ctx context.Context, portMin, portMax int) (preview.Census, error) {
	var rows []struct {
		Status  string
		Count   int
		Ports   int
		Memory  int64
		Uptime  float64
		Pending int
		Dead    int
		Oldest  float64
	}
	err := s.db.SelectContext(ctx, &rows, `
		select status,
		       count(*)                                                            as count,
		       count(*) filter (where port between $1 and $2)                      as ports,
		       sum(memory_limit_mb)                                                as memory,
		       coalesce(sum(extract(epoch from $3 - running_at))
		                filter (where status = 'running'), 0)::double precision    as uptime,
		       0 as pending, 0 as dead, 0::double precision as oldest
		from   previews
		where  status in ('starting', 'running', 'stopping')
		group  by status
		union all
		select '', 0, 0, 0, 0,
		       (select count(*) from webhook_events where delivery = 'pending'),
		       (select count(*) from webhook_events where delivery = 'dead'),
		       coalesce((select extract(epoch from $3 - min(occurred_at))
		                 from   webhook_events
		                 where  delivery = 'pending'), 0)::double precision`, portMin, portMax, s.now())
	if err != nil {
		return preview.Census{}, fmt.Errorf("census: %w", err)
	}
	c := preview.Census{Previews: map[preview.Status]int{}}
	for _, r := range rows {
		if r.Status == "" {
			c.WebhooksPending, c.WebhooksDead, c.WebhookOldest = r.Pending, r.Dead, seconds(r.Oldest)
			continue
		}
		c.Previews[preview.Status(r.Status)] = r.Count
		c.Ports += r.Ports
		c.MemoryLimitMB += r.Memory
		c.Uptime += seconds(r.Uptime)
	}
	return c, nil
}

// seconds is a duration of the database's; one that began in the future, by another machine's clock, is none.
func seconds(s float64) time.Duration { return time.Duration(max(0, s) * float64(time.Second)) }
