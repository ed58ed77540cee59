package replica

import (
	"context"
	"time"
)

const (
	beatEvery = time.Second
	beatTime  = 2 * time.Second // bounds a renewal
	// leaseTime is for how long after a renewal nobody else takes over what this process runs. The server ends a silent session after
	// storage.LockIdle, and then a process must stay dead for reconcile's certainty, which together is longer.
	leaseTime = 6 * time.Second
)

// lease is what a process knows of its own locks.
type lease struct {
	at      time.Time     // of the last renewal, before it was asked for
	members int           // processes there were then, this one among them
	lost    bool          // it was without its locks since, and has not yet looked what others took
	valid   chan struct{} // closed and replaced at each renewal
}

func newLease() lease { return lease{valid: make(chan struct{})} }

func (l *lease) renewed(at time.Time, members int) {
	l.at, l.members, l.lost = at, members, false
	close(l.valid)
	l.valid = make(chan struct{})
}

// holds says whether what this process runs is its own for certain. One that was alone when it last heard from the database goes on
// without it: that nobody else came meanwhile is far likelier than that the only one should stop showing logs.
func (l *lease) holds(now time.Time) bool {
	return l.members <= 1 || (!l.lost && now.Sub(l.at) < leaseTime)
}

// Valid reports whether this process may act on what it runs.
func (r *Replica) Valid() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lease.holds(r.Now())
}

// Members is how many processes there were at the last renewal.
func (r *Replica) Members() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return max(1, r.lease.members)
}

// Hold waits until this process may act on what it runs, or ctx ends. A process that was stopped, or cut off from the database, waits
// here until it knows which of its previews are still its own.
func (r *Replica) Hold(ctx context.Context) error {
	for {
		r.mu.Lock()
		holds, valid := r.lease.holds(r.Now()), r.lease.valid
		r.mu.Unlock()
		if holds {
			return nil
		}
		select {
		case <-valid:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Run renews the locks until ctx ends. After a time without them returned lets go of what others took over meanwhile; until it
// succeeds the lease is not valid.
func (r *Replica) Run(ctx context.Context, returned func(context.Context) error) {
	ticker := time.NewTicker(beatEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := r.beat(ctx, returned); err != nil && ctx.Err() == nil {
			r.Log.WithError(err).Debug("cannot renew this previewd's locks; will try again")
		}
	}
}

// among tells one that was alone of others who came meanwhile: it waits, too, until it has looked what they took.
func (r *Replica) among(members int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lease.members = max(r.lease.members, members)
}

func (r *Replica) beat(ctx context.Context, returned func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, beatTime)
	defer cancel()
	begin := r.Now()
	r.mu.Lock()
	if begin.Sub(r.lease.at) >= leaseTime {
		r.lease.lost = true
	}
	lost := r.lease.lost
	r.mu.Unlock()
	ok, err := r.Locks.Lead(ctx, launcher+r.ID)
	if err != nil || !ok {
		return err
	}
	if err := r.Locks.Share(ctx, members); err != nil {
		return err
	}
	n, err := r.Locks.Sharers(ctx, members)
	if err != nil {
		return err
	}
	if lost {
		r.among(n)
		r.Log.Warn("this previewd was without its locks for a while; looking what others took over")
		if err := returned(ctx); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lease.renewed(begin, n)
	return nil
}
