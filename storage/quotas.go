package storage

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"previewd/runtime/preview"
)

// activity is what starts or runs beside the generation that is about to be launched.
type activity struct {
	Previews    int `db:"previews"`
	MemoryMB    int `db:"memory_mb"`
	EverybodyMB int `db:"everybody_mb"`
}

// checkQuotas refuses with a *preview.QuotaError what would exceed one. The caller holds the leases' lock, so that nobody counts
// at the same time.
func checkQuotas(ctx context.Context, tx *sqlx.Tx, p preview.Preview, q preview.Quotas) error {
	if q == (preview.Quotas{}) {
		return nil
	}
	var now activity
	err := tx.GetContext(ctx, &now, `
		select count(*)                         filter (where user_id = $1)     as previews,
		       coalesce(sum(memory_limit_mb)    filter (where user_id = $1), 0) as memory_mb,
		       coalesce(sum(memory_limit_mb), 0)                                as everybody_mb
		from   previews
		where  generation_id <> $2
		  and  status in ('starting', 'running')`, p.UserID, p.GenerationID)
	if err != nil {
		return fmt.Errorf("count what is active: %w", err)
	}
	for _, one := range []preview.QuotaError{
		{Quota: preview.QuotaPreviewsPerUser, Most: q.PreviewsPerUser, Used: now.Previews, Wanted: 1},
		{Quota: preview.QuotaMemoryPerUser, Most: q.MemoryPerUserMB, Used: now.MemoryMB, Wanted: p.MemoryLimitMB},
		{Quota: preview.QuotaMemoryTotal, Most: q.MemoryTotalMB, Used: now.EverybodyMB, Wanted: p.MemoryLimitMB},
	} {
		if one.Most > 0 && one.Used+one.Wanted > one.Most {
			return &one
		}
	}
	return nil
}
