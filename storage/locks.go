package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/fnv"
	"sync"
	"time"
)

// TryLock takes the named lock if no other session of any process has it. It is held, on a connection of its own,
// until release is called or that connection is lost; work that outlives a lost connection uses Lead.
func (s *Store) TryLock(ctx context.Context, name string) (release func(), ok bool, err error) {
	conn, ok, err := s.lockSession(ctx, name)
	if err != nil || !ok {
		return func() {}, false, err
	}
	return func() { unlockSession(conn) }, true, nil
}

// Lead reports whether this Store is the one that leads in the named matter, such as reaping, among all processes on
// this database. It takes the lead when nobody has it and keeps it until Close. Call it before each piece of work: a
// lead whose connection was lost is noticed, and fought for anew.
func (s *Store) Lead(ctx context.Context, name string) (bool, error) {
	l := s.leading
	l.mu.Lock()
	defer l.mu.Unlock()
	if conn := l.conns[name]; conn != nil {
		// The lock lives as long as the session, so an answer on the same connection proves it.
		if conn.PingContext(ctx) == nil {
			return true, nil
		}
		_ = discard(conn)
		delete(l.conns, name)
	}
	conn, ok, err := s.lockSession(ctx, name)
	if err != nil || !ok {
		return false, err
	}
	l.conns[name] = conn
	return true, nil
}

// Share counts this Store among those that share the named lock, until Close. It waits while one has it to itself.
// Call it again to renew a share whose connection was lost.
func (s *Store) Share(ctx context.Context, name string) error {
	l := s.leading
	l.mu.Lock()
	defer l.mu.Unlock()
	if conn := l.shares[name]; conn != nil {
		if conn.PingContext(ctx) == nil {
			return nil
		}
		_ = discard(conn)
		delete(l.shares, name)
	}
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("share %s: %w", name, err)
	}
	if _, err := conn.ExecContext(ctx, `select pg_advisory_lock_shared($1)`, lockKey(name)); err != nil {
		return errors.Join(fmt.Errorf("share %s: %w", name, err), discard(conn))
	}
	l.shares[name] = conn
	return nil
}

// Unshare gives up this Store's share and reports whether it was the last one. The last one has the lock to itself
// until Close: whoever wants a share waits for what is done meanwhile.
func (s *Store) Unshare(ctx context.Context, name string) (last bool, err error) {
	l := s.leading
	l.mu.Lock()
	if conn := l.shares[name]; conn != nil {
		unlockSession(conn)
		delete(l.shares, name)
	}
	l.mu.Unlock()
	return s.Lead(ctx, name)
}

// leaderships are the connections that hold this Store's leads and shares, by name.
type leaderships struct {
	mu     *sync.Mutex
	conns  map[string]*sql.Conn
	shares map[string]*sql.Conn
}

func newLeaderships() leaderships {
	return leaderships{mu: new(sync.Mutex), conns: map[string]*sql.Conn{}, shares: map[string]*sql.Conn{}}
}

func (l leaderships) giveUp() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for name, conn := range l.conns {
		unlockSession(conn)
		delete(l.conns, name)
	}
	for name, conn := range l.shares {
		unlockSession(conn)
		delete(l.shares, name)
	}
}

func (s *Store) lockSession(ctx context.Context, name string) (*sql.Conn, bool, error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("lock %s: %w", name, err)
	}
	var ok bool
	err = conn.QueryRowContext(ctx, `select pg_try_advisory_lock($1)`, lockKey(name)).Scan(&ok)
	if err != nil {
		// The lock may have been taken: the session must not go back to the pool.
		return nil, false, errors.Join(fmt.Errorf("lock %s: %w", name, err), discard(conn))
	}
	if !ok {
		return nil, false, conn.Close()
	}
	return conn, true, nil
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
