package replica

import "context"

// Locker has locks for a piece of work.
type Locker interface {
	TryLock(ctx context.Context, name string) (release func(), ok bool, err error)
}

// Alone takes what all members share, so that none is there and none can join, until release is called. It is not ok while
// one is there; release is to be called then, too.
func Alone(ctx context.Context, locks Locker) (release func(), ok bool, err error) {
	return locks.TryLock(ctx, members)
}
