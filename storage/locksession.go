package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"sync"
	"time"
)

// LockIdle is for how long the session of a Store's leads and shares may ask nothing before the server ends it, and with it the
// locks. A process that was stopped, or cut off without a word, so loses them in bounded time though its connection lingers.
const LockIdle = 4 * time.Second

// The kinds of locks that a session holds, and the functions that take and give them back.
type kind struct{ take, drop string }

var (
	lead  = kind{`select pg_try_advisory_lock($1)`, `select pg_advisory_unlock($1)`}
	share = kind{`select true from (select pg_advisory_lock_shared($1)) as held`, `select pg_advisory_unlock_shared($1)`}
)

// lockSession is the one session that holds all of a Store's leads and shares: it is proved by an answer on it.
type lockSession struct {
	db *sql.DB

	mu   sync.Mutex
	conn *sql.Conn // nil before the first lock, and after a loss
	held map[string]kind
}

func newLockSession(db *sql.DB) *lockSession { return &lockSession{db: db, held: map[string]kind{}} }

// take takes the lock, or proves that it is still held.
func (l *lockSession) take(ctx context.Context, name string, k kind) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil && l.conn.PingContext(ctx) != nil {
		l.lose()
	}
	if l.held[name] == k {
		return true, nil
	}
	if err := l.open(ctx); err != nil {
		return false, fmt.Errorf("lock %s: %w", name, err)
	}
	var ok bool
	if err := l.conn.QueryRowContext(ctx, k.take, lockKey(name)).Scan(&ok); err != nil {
		l.lose() // the lock may have been taken
		return false, fmt.Errorf("lock %s: %w", name, err)
	}
	if ok {
		l.held[name] = k
	}
	return ok, nil
}

// open begins a session that ends when it is idle. PostgreSQL before 14 has no such setting: there a stopped process keeps its locks.
func (l *lockSession) open(ctx context.Context) error {
	if l.conn != nil {
		return nil
	}
	conn, err := l.db.Conn(ctx)
	if err != nil {
		return err
	}
	if err := setIdle(ctx, conn, LockIdle); err != nil {
		return errors.Join(err, discard(conn))
	}
	l.conn = conn
	return nil
}

func setIdle(ctx context.Context, conn *sql.Conn, idle time.Duration) error {
	_, err := conn.ExecContext(ctx, `
		select set_config(name, $1, false)
		from   pg_settings
		where  name = 'idle_session_timeout'`, strconv.FormatInt(idle.Milliseconds(), 10))
	return err
}

// drop gives the lock back. A session that was lost had its locks taken by the server, and that is as good.
func (l *lockSession) drop(ctx context.Context, name string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	k, ok := l.held[name]
	if !ok {
		return nil
	}
	if _, err := l.conn.ExecContext(ctx, k.drop, lockKey(name)); err != nil {
		l.lose()
		if errors.Is(err, driver.ErrBadConn) {
			return nil
		}
		return fmt.Errorf("unlock %s: %w", name, err)
	}
	delete(l.held, name)
	return nil
}

// lose forgets a session that gave no answer. Nothing waits for its end, which may take as long as the network does.
func (l *lockSession) lose() {
	go func(conn *sql.Conn) { _ = discard(conn) }(l.conn)
	l.conn = nil
	clear(l.held)
}

// giveUp ends the session, and with it the locks.
func (l *lockSession) giveUp() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		unlockSession(l.conn)
		l.conn = nil
	}
	maps.DeleteFunc(l.held, func(string, kind) bool { return true })
}
