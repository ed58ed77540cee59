// Package replica tells the previewd processes on one database apart: which of them live, and which one leads. It
// rests on PostgreSQL's advisory locks, which end with the session of a process that dies, and soon after one that is
// stopped or cut off has last been heard of.
package replica

import (
	"context"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
)

// Locks are named locks among all processes on the database.
type Locks interface {
	Lead(ctx context.Context, name string) (bool, error)
	Share(ctx context.Context, name string) error
	Unshare(ctx context.Context, name string) (last bool, err error)
	Locked(ctx context.Context, name string) (bool, error)
	Sharers(ctx context.Context, name string) (int, error)
}

// Sessions end what a dead process left open on the database.
type Sessions interface {
	Expel(ctx context.Context, process string) error
}

const (
	leader   = "leader"
	launcher = "launcher:"
	members  = "members"
)

// Options of a Replica. All are needed but Now, which is time.Now.
type Options struct {
	ID       string // of this process
	Locks    Locks
	Sessions Sessions
	Log      *logrus.Entry
	Now      func() time.Time
}

// Replica is this process among its like.
type Replica struct {
	Options

	mu    sync.Mutex
	lease lease
}

// Join holds this process's lock and counts it among the members. It waits while a last member cleans up.
func Join(ctx context.Context, o Options) (*Replica, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	r := &Replica{Options: o, lease: newLease()}
	begin := o.Now()
	if _, err := o.Locks.Lead(ctx, launcher+o.ID); err != nil {
		return nil, err
	}
	if err := o.Locks.Share(ctx, members); err != nil {
		return nil, err
	}
	n, err := o.Locks.Sharers(ctx, members)
	if err != nil {
		return nil, err
	}
	r.lease.renewed(begin, n)
	return r, nil
}

// Leave reports whether this process was the last member and may clear away what all of them used. Nobody joins then
// until the locks are closed.
func (r *Replica) Leave(ctx context.Context) bool {
	last, err := r.Locks.Unshare(ctx, members)
	if err != nil {
		r.Log.WithError(err).Warn("cannot tell whether other previewd live; leaving the networks to them")
	}
	return last && err == nil
}

// Self is the name of this process; previews it launches carry it.
func (r *Replica) Self() string { return r.ID }

// Alive reports whether the named process lives. When the database cannot tell, it is taken to live: nothing of a
// living process must be taken over.
func (r *Replica) Alive(ctx context.Context, name string) bool {
	if name == r.ID {
		return true
	}
	held, err := r.Locks.Locked(ctx, launcher+name)
	if err != nil {
		r.Log.WithError(err).Warn("cannot tell whether another previewd lives")
		return true
	}
	return held
}

// Expel cuts a dead process off from the database, before what was its own is taken over: it may only be stopped.
func (r *Replica) Expel(ctx context.Context, name string) {
	if err := r.Sessions.Expel(ctx, name); err != nil {
		r.Log.WithError(err).Warn("cannot end the sessions of a previewd that is gone")
	}
}

// Leads reports whether this process does the work that only one may do. One whose own lock is lost does not.
func (r *Replica) Leads(ctx context.Context) bool {
	if !r.Valid() {
		return false
	}
	for _, name := range []string{launcher + r.ID, leader} {
		ok, err := r.Locks.Lead(ctx, name)
		if err != nil && ctx.Err() == nil {
			r.Log.WithError(err).Warn("cannot tell who leads")
		}
		if !ok || err != nil {
			return false
		}
	}
	return true
}
