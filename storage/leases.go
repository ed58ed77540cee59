package storage

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"previewd/runtime/preview"
)

// StartPreview inserts p and leases it a port of o's range, all in one transaction. An active preview of the same
// generation is set to stopping with the reason REPLACED and returned; its instance is the caller's to stop. The
// port handed out is the one that rested longest, so that an old browser tab does not meet a stranger's app.
//
// Errors: ErrGenerationNotFound; ErrPermissionDenied when the generation is not p.UserID's; *preview.QuotaError when
// what is active leaves no room for it; *preview.RateError when o.LaunchedBy launched as often as o.Launches allows;
// ErrNoPorts. Nothing is changed then: only a launch that is accepted counts as one.
func (s *Store) StartPreview(ctx context.Context, p preview.Preview, o preview.StartOptions) (started preview.Preview, replaced *preview.Preview, err error) {
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := holdGeneration(ctx, tx, p.GenerationID, p.UserID); err != nil {
			return err
		}
		if err := lockLeases(ctx, tx); err != nil {
			return err
		}
		if err := checkQuotas(ctx, tx, p, o.Quotas); err != nil {
			return err
		}
		if err := countLaunch(ctx, tx, o.LaunchedBy, o.Launches); err != nil {
			return err
		}
		if replaced, err = replaceActive(ctx, tx, p.GenerationID); err != nil {
			return err
		}
		if p.Port, err = pickPort(ctx, tx, o.PortMin, o.PortMax, nil); err != nil {
			return err
		}
		started, err = s.insertPreview(ctx, tx, p)
		return err
	})
	if err != nil {
		return preview.Preview{}, nil, fmt.Errorf("start preview: %w", err)
	}
	return started, replaced, nil
}

// MovePort gives a starting preview another port of the range, because a program outside holds its own. Ports in
// avoid are not considered. A port that it has and need not avoid it keeps: that may be the one of an earlier try whose answer was lost. Errors: ErrNoPorts, ErrPreviewNotFound, *preview.TransitionError.
func (s *Store) MovePort(ctx context.Context, previewID string, portMin, portMax int, avoid []int) (port int, err error) {
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := lockLeases(ctx, tx); err != nil {
			return err
		}
		if port, err = portOf(ctx, tx, previewID); err != nil {
			return err
		}
		if slices.Contains(avoid, port) {
			port, err = pickPort(ctx, tx, portMin, portMax, avoid)
		}
		if err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `
			update previews
			set    port = $2
			where  id = $1
			  and  status = 'starting'`+s.mine(), previewID, port)
		return s.applied(ctx, tx, done, err, previewID, preview.Starting)
	})
	if err != nil {
		return 0, fmt.Errorf("move port: %w", err)
	}
	return port, nil
}

func portOf(ctx context.Context, tx *sqlx.Tx, previewID string) (port int, err error) {
	err = tx.GetContext(ctx, &port, `
		select port
		from   previews
		where  id = $1`, previewID)
	if err != nil {
		return 0, fmt.Errorf("port of a preview: %w", previewNotFound(err, previewID))
	}
	return port, nil
}

// holdGeneration keeps the generation from being deleted until the transaction ends. It does not wait for an
// upload that replaces its files.
func holdGeneration(ctx context.Context, tx *sqlx.Tx, id, userID string) error {
	var owner string
	err := tx.GetContext(ctx, &owner, `
		select user_id
		from   generations
		where  id = $1
		for    key share`, id)
	if err != nil {
		return generationNotFound(err, id)
	}
	if owner != userID {
		return fmt.Errorf("%w: %q", preview.ErrPermissionDenied, id)
	}
	return nil
}

// lockLeases lets one transaction at a time count quotas and choose ports. The unique index would refuse a double
// lease anyway; the lock spares a hundred launches at once their retries.
func lockLeases(ctx context.Context, tx *sqlx.Tx) error {
	if _, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock($1)`, lockKey("leases")); err != nil {
		return fmt.Errorf("lock leases: %w", err)
	}
	return nil
}

func replaceActive(ctx context.Context, tx *sqlx.Tx, generationID string) (*preview.Preview, error) {
	reason, err := toJSON(preview.Reason{
		Code:    preview.Replaced,
		Message: "The same generation was launched again.",
	})
	if err != nil {
		return nil, err
	}
	var row previewRow
	err = tx.GetContext(ctx, &row, `
		update previews
		set    status = 'stopping',
		       reason = $2
		where  generation_id = $1
		  and  status in ('starting', 'running')
		  and  status = any ($3)
		returning `+previewColumns, generationID, reason, texts(preview.Sources(preview.Stopping)))
	if isNoRows(err) {
		return nil, nil //nolint:nilnil // most launches replace nothing
	}
	if err != nil {
		return nil, fmt.Errorf("replace preview of generation %s: %w", generationID, err)
	}
	p, err := row.preview()
	return &p, err
}

// pickPort chooses the free port that rested longest and notes its use. Ports never used come first, in order.
func pickPort(ctx context.Context, tx *sqlx.Tx, lowest, highest int, avoid []int) (int, error) {
	shunned := make(pq.Int64Array, len(avoid)) // nil would be null, and null is unequal to nothing
	for i, port := range avoid {
		shunned[i] = int64(port)
	}
	var port int
	err := tx.GetContext(ctx, &port, `
		with free as (
			select    candidate.port
			from      generate_series($1::integer, $2::integer) as candidate (port)
			left join port_uses using (port)
			where     candidate.port <> all ($3)
			  and     not exists (
			          select from previews
			          where  previews.port = candidate.port
			            and  previews.status in ('starting', 'running', 'stopping'))
			order by  port_uses.used_at nulls first, candidate.port
			limit     1
		)
		insert into port_uses (port, used_at)
		select port, clock_timestamp()
		from   free
		on conflict (port) do update
		set    used_at = excluded.used_at
		returning port`, lowest, highest, shunned)
	if isNoRows(err) {
		return 0, fmt.Errorf("%w (max %d concurrent)", preview.ErrNoPorts, highest-lowest+1)
	}
	if err != nil {
		return 0, fmt.Errorf("pick port: %w", err)
	}
	return port, nil
}

func (s *Store) insertPreview(ctx context.Context, tx *sqlx.Tx, p preview.Preview) (preview.Preview, error) {
	request, err := toJSON(p.Request)
	if err != nil {
		return preview.Preview{}, err
	}
	secrets, err := secretsJSON(p.Request.SecretEnv)
	if err != nil {
		return preview.Preview{}, err
	}
	var row previewRow
	err = tx.GetContext(ctx, &row, `
		with changed as (
			insert into previews
			       (id, generation_id, user_id, project_id, status,     phase, health, port, request,
			        session_token_hash, token_expiry, created_at, last_active_at, expires_at,
			        secret_env, memory_limit_mb,
			        host)
			values ($1, $2,            $3,      $4,         'starting', $5,    $6,     $7,   $8,
			        $9,                 $10,          $11,        $12,            $13,
			        $14,        $15,
			        (select host from generations where id = $2))
			returning *
		)`+s.announced()+`
		select `+previewColumns+`
		from   changed`,
		p.ID, p.GenerationID, p.UserID, p.ProjectID, string(preview.Queued), string(preview.HealthUnknown), p.Port, request,
		nonNil(p.SessionTokenHash), p.TokenExpiry, p.CreatedAt, p.LastActiveAt, p.ExpiresAt, secrets, p.MemoryLimitMB)
	if err != nil {
		return preview.Preview{}, fmt.Errorf("insert preview %s: %w", p.ID, err)
	}
	return row.preview()
}

// nonNil keeps the driver from taking an empty value for null.
func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
