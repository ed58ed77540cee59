package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Options tune a Store. The zero value is what previewd runs with.
type Options struct {
	MaxConns    int              // open connections, default 20
	StartupWait time.Duration    // how long Open waits for a server that refuses connections, default 15 s
	Now         func() time.Time // clock of the ends that storage dates by itself, default time.Now
	Webhooks    bool             // write an event for every change that webhooks tell of
	// Process is the name of the previewd process that the Store is of. What a launcher writes then changes only the previews that
	// this process is responsible for. "" writes to all.
	Process string
}

func (o Options) withDefaults() Options {
	if o.MaxConns <= 0 {
		o.MaxConns = 20
	}
	if o.StartupWait <= 0 {
		o.StartupWait = 15 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Store is a pool of connections to one database. It is safe for concurrent use. The caller closes it.
type Store struct {
	db       *sqlx.DB
	now      func() time.Time
	webhooks bool
	process  string
	url      string
	leading  *lockSession
	latest   prepared // see LatestPreview
	byHost   prepared // see PreviewByHost
}

// Open connects to the database at url (a postgres:// URL or a key=value string) and waits for a server that is
// still coming up, at most o.StartupWait. It changes nothing: see Migrate.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	o = o.withDefaults()
	connector, err := newConnector(url, o.Process)
	if err != nil {
		return nil, err
	}
	db := sqlx.NewDb(sql.OpenDB(connector), "postgres")
	db.SetMaxOpenConns(o.MaxConns)
	db.SetMaxIdleConns(o.MaxConns) // a new one costs the server a process and the caller up to 50 ms
	db.SetConnMaxIdleTime(5 * time.Minute)
	s := &Store{db: db, now: o.Now, webhooks: o.Webhooks, process: o.Process, url: url, leading: newLockSession(db.DB)}
	s.latest.query, s.byHost.query = latestPreview, previewByHost
	if err := s.awaitServer(ctx, o.StartupWait); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// newConnector parses url and adds the settings of every session. What the url itself says wins.
func newConnector(url, process string) (*pq.Connector, error) {
	cfg, err := pq.NewConfig(url)
	if err != nil {
		// The parser's own words may quote the url, and with it a password.
		return nil, errors.New("database URL cannot be parsed: want postgres://user:password@host:port/name")
	}
	cfg.BinaryParameters = true // archives travel as they are, not as hex, and a query is one round trip
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = 5 * time.Second
	}
	if cfg.ApplicationName == "" {
		cfg.ApplicationName = sessionName(process)
	}
	session := map[string]string{
		// A connection whose other end is gone without a word is noticed, by the server too. Sockets in files ignore it.
		"tcp_keepalives_idle":                 "5",
		"tcp_keepalives_interval":             "2",
		"tcp_keepalives_count":                "3",
		"tcp_user_timeout":                    "10s",
		"default_transaction_isolation":       "read committed",
		"statement_timeout":                   "30s",
		"lock_timeout":                        "10s",
		"idle_in_transaction_session_timeout": "60s",
		"timezone":                            "UTC",
	}
	maps.Copy(session, cfg.Runtime)
	cfg.Runtime = session
	connector, err := pq.NewConnectorConfig(cfg)
	if err != nil {
		return nil, fmt.Errorf("database connector: %w", err)
	}
	connector.Dialer(dialer{})
	return connector, nil
}

// sessionName is what the server calls a process's sessions, so that another process can end them.
func sessionName(process string) string {
	if process == "" {
		return "previewd"
	}
	return "previewd " + process
}

// awaitServer pings until the server answers, and gives up at once on anything but a server that is not up yet.
func (s *Store) awaitServer(ctx context.Context, wait time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		err := s.Ping(ctx)
		if err == nil || !isNotUpYet(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}

// Ping asks the server whether it answers queries.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.db.PingContext(ctx); err != nil {
		return fmt.Errorf("ping database: %w", err)
	}
	return nil
}

// Close gives up every leadership and closes all connections.
func (s *Store) Close() error {
	s.leading.giveUp()
	if err := s.db.Close(); err != nil && !isCut(err) {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// inTx runs work in one transaction and rolls it back when work fails.
func (s *Store) inTx(ctx context.Context, work func(tx *sqlx.Tx) error) error {
	return inTx(ctx, s.db, work)
}

// beginner is the pool or one of its connections.
type beginner interface {
	BeginTxx(ctx context.Context, o *sql.TxOptions) (*sqlx.Tx, error)
}

func inTx(ctx context.Context, on beginner, work func(tx *sqlx.Tx) error) error {
	tx, err := on.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := work(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}
