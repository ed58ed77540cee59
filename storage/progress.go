package storage

import (
	"context"
	"time"

	"previewd/runtime/preview"
)

// lazily ends a statement's condition when losing its effect in a crash of the database server does no harm: the
// commit then does not wait for the disk (0.2 s at most pass until it is there). Six phases of a launch would
// otherwise wait six times.
const lazily = ` and set_config('synchronous_commit', 'off', true) is not null`

// SetPhase notes what a starting preview is busy with. In any other state it is a *preview.TransitionError, which is
// how a launch learns that it was stopped.
func (s *Store) SetPhase(ctx context.Context, id string, phase preview.Phase) error {
	done, err := s.db.ExecContext(ctx, `
		update previews
		set    phase = $2
		where  id = $1
		  and  status = 'starting'`+s.mine()+lazily, id, string(phase))
	return s.applied(ctx, s.db, done, err, id, preview.Starting)
}

// SetPlan notes what detection and installation found out about a starting preview; a memory limit of 0 keeps the
// one it was started with. In any other state it is a *preview.TransitionError.
func (s *Store) SetPlan(ctx context.Context, id string, info preview.PlanInfo) error {
	done, err := s.db.ExecContext(ctx, `
		update previews
		set    runtime         = $2,
		       framework       = $3,
		       command         = $4,
		       cached          = $5,
		       memory_limit_mb = case when $6 > 0 then $6 else memory_limit_mb end
		where  id = $1
		  and  status = 'starting'`+s.mine()+lazily,
		id, string(info.Runtime), clean(info.Framework), clean(info.Command), info.Cached, info.MemoryMB)
	return s.applied(ctx, s.db, done, err, id, preview.Starting)
}

// SetInstance notes the instance of an active preview, a stopping one too: whoever stops it must find the instance.
// Of an ended preview it is a *preview.TransitionError, and the instance the caller's to remove.
func (s *Store) SetInstance(ctx context.Context, id, instanceID string) error {
	done, err := s.db.ExecContext(ctx, `
		update previews
		set    instance_id = $2
		where  id = $1
		  and  status in ('starting', 'running', 'stopping')`+s.mine(), id, instanceID)
	return s.applied(ctx, s.db, done, err, id, preview.Starting)
}

// SetNode notes which machine an active preview's instance is on, and where its port is reached there.
func (s *Store) SetNode(ctx context.Context, id, node, host string) error {
	done, err := s.db.ExecContext(ctx, `
		update previews
		set    node      = $2,
		       node_host = $3
		where  id = $1
		  and  status in ('starting', 'running', 'stopping')`+s.mine(), id, node, host)
	return s.applied(ctx, s.db, done, err, id, preview.Starting)
}

// SetStarted notes when the app's process was started, of a preview that runs already the earliest time that was told. Of an ended
// preview it is a *preview.TransitionError.
func (s *Store) SetStarted(ctx context.Context, id string, at time.Time) error {
	done, err := s.db.ExecContext(ctx, `
		update previews
		set    started_at = case status when 'starting' then $2 else least(started_at, $2) end
		where  id = $1
		  and  status in ('starting', 'running', 'stopping')`+s.mine()+lazily, id, at)
	return s.applied(ctx, s.db, done, err, id, preview.Starting)
}

// SetHealth notes what the app's health last was. Of an ended preview it is a *preview.TransitionError.
func (s *Store) SetHealth(ctx context.Context, id string, health preview.Health) error {
	done, err := s.db.ExecContext(ctx, `
		update previews
		set    health = $2
		where  id = $1
		  and  status in ('starting', 'running', 'stopping')`+s.mine()+lazily, id, string(health))
	return s.applied(ctx, s.db, done, err, id, preview.Running)
}

// Touch notes that somebody used the preview at that time; an earlier time than the stored one changes nothing. Of
// an ended preview it is a *preview.TransitionError.
func (s *Store) Touch(ctx context.Context, id string, at time.Time) error {
	done, err := s.db.ExecContext(ctx, `
		update previews
		set    last_active_at = greatest(last_active_at, $2)
		where  id = $1
		  and  status in ('starting', 'running', 'stopping')`+lazily, id, at)
	return s.applied(ctx, s.db, done, err, id, preview.Running)
}
