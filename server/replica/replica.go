// Package replica tells the previewd processes on one database apart: which of them live, and which one leads. It
// rests on PostgreSQL's advisory locks, which end with the session of a process that dies.
package replica

import (
	"context"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
)

// Locks are named locks among all processes on the database.
type Locks interface {
	TryLock(ctx context.Context, name string) (release func(), ok bool, err error)
	Lead(ctx context.Context, name string) (bool, error)
	Share(ctx context.Context, name string) error
	Unshare(ctx context.Context, name string) (last bool, err error)
}

const (
	leader   = "leader"
	launcher = "launcher:"
	members  = "members"
)

// Replica is this process among its like.
type Replica struct {
	id    string
	locks Locks
	log   *logrus.Entry
}

// Join gives this process a name, holds its lock and counts it among the members. It waits while a last member cleans
// up.
func Join(ctx context.Context, locks Locks, log *logrus.Entry) (*Replica, error) {
	r := &Replica{id: preview.NewID(), locks: locks, log: log}
	if _, err := locks.Lead(ctx, launcher+r.id); err != nil {
		return nil, err
	}
	if err := locks.Share(ctx, members); err != nil {
		return nil, err
	}
	return r, nil
}

// Leave reports whether this process was the last member and may clear away what all of them used. Nobody joins then
// until the locks are closed.
func (r *Replica) Leave(ctx context.Context) bool {
	last, err := r.locks.Unshare(ctx, members)
	if err != nil {
		r.log.WithError(err).Warn("cannot tell whether other previewd live; leaving the networks to them")
	}
	return last && err == nil
}

// Self is the name of this process; previews it launches carry it.
func (r *Replica) Self() string { return r.id }

// Alive reports whether the named process lives. When the database cannot tell, it is taken to live: nothing of a
// living process must be taken over.
func (r *Replica) Alive(ctx context.Context, name string) bool {
	if name == r.id {
		return true
	}
	release, free, err := r.locks.TryLock(ctx, launcher+name)
	if err != nil {
		r.log.WithError(err).Warn("cannot tell whether another previewd lives")
		return true
	}
	release()
	return !free
}

// Leads reports whether this process does the work that only one may do. It also renews the process's own locks, which
// are lost together with the database's connection.
func (r *Replica) Leads(ctx context.Context) bool {
	if err := r.locks.Share(ctx, members); err != nil {
		r.log.WithError(err).Warn("cannot count among the members")
	}
	for _, name := range []string{launcher + r.id, leader} {
		ok, err := r.locks.Lead(ctx, name)
		if err != nil {
			r.log.WithError(err).Warn("cannot tell who leads")
		}
		if !ok {
			return false
		}
	}
	return true
}
