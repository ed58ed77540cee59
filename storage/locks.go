package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"time"
)

// Lead reports whether this Store is the one that leads in the named matter, such as reaping, among all processes on
// this database. It takes the lead when nobody has it and keeps it until Close. Call it before each piece of work: a
// lead whose session was lost is noticed, and fought for anew. The server ends a session that asks nothing for LockIdle.
func (s *Store) Lead(ctx context.Context, name string) (bool, error) {
	return s.leading.take(ctx, name, lead)
}

// Share counts this Store among those that share the named lock, until Close. It waits while one has it to itself.
// Call it again to renew a share whose session was lost.
func (s *Store) Share(ctx context.Context, name string) error {
	_, err := s.leading.take(ctx, name, share)
	return err
}

// Unshare gives up this Store's share and reports whether it was the last one. The last one has the lock to itself
// until Close: whoever wants a share waits for what is done meanwhile.
func (s *Store) Unshare(ctx context.Context, name string) (last bool, err error) {
	if err := s.leading.drop(ctx, name); err != nil {
		return false, err
	}
	return s.Lead(ctx, name)
}

// TryLock takes the named lock for a piece of work, unless another session has it or a share of it. It is held until release, however
// long the work says nothing to the database.
func (s *Store) TryLock(ctx context.Context, name string) (release func(), ok bool, err error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("lock %s: %w", name, err)
	}
	if err := conn.QueryRowContext(ctx, lead.take, lockKey(name)).Scan(&ok); err != nil {
		// The lock may have been taken: the session must not go back to the pool.
		return nil, false, errors.Join(fmt.Errorf("lock %s: %w", name, err), discard(conn))
	}
	return func() { unlockSession(conn) }, ok, nil
}

// Locked reports whether any session holds the named lock. It takes nothing, and so is in nobody's way.
func (s *Store) Locked(ctx context.Context, name string) (bool, error) {
	held, err := s.holders(ctx, name)
	return held > 0, err
}

// Sharers counts the sessions that share the named lock.
func (s *Store) Sharers(ctx context.Context, name string) (int, error) { return s.holders(ctx, name) }

func (s *Store) holders(ctx context.Context, name string) (n int, err error) {
	key := lockKey(name)
	err = s.db.GetContext(ctx, &n, `
		select count(*)
		from   pg_locks
		where  locktype = 'advisory'
		  and  database = (select oid from pg_database where datname = current_database())
		  and  classid  = $1
		  and  objid    = $2
		  and  objsubid = 1
		  and  granted`, int64(uint32(uint64(key)>>32)), int64(uint32(uint64(key)&math.MaxUint32)))
	if err != nil {
		return 0, fmt.Errorf("holders of %s: %w", name, err)
	}
	return n, nil
}

// unlockSession gives up the session's lock, it has one, and returns the connection to the pool, or ends the session when it cannot be unlocked.
func unlockSession(conn *sql.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if _, err := conn.ExecContext(ctx, `select pg_advisory_unlock_all()`); err != nil {
		_ = discard(conn)
		return
	}
	_ = conn.Close()
}

// discard closes the session itself instead of returning it to the pool.
func discard(conn *sql.Conn) error {
	err := conn.Raw(func(any) error { return driver.ErrBadConn })
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) {
		return nil
	}
	return err
}

// lockKey maps a lock's name to PostgreSQL's 64-bit space of advisory locks.
func lockKey(name string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte("previewd/" + name)) // a hash never fails to write
	return int64(h.Sum64())
}
