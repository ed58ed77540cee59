package storagetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/lib/pq"

	"previewd/storage"
)

// cluster makes databases on one server.
type cluster struct {
	server   server
	admin    *sql.DB
	template string
	strategy string     // of copying
	copying  sync.Mutex // PostgreSQL refuses to copy a database twice at a time
}

func newCluster(ctx context.Context) (*cluster, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	srv, err := startServer(ctx)
	if err != nil {
		return nil, err
	}
	admin, err := sql.Open("postgres", srv.url)
	if err != nil {
		return nil, errors.Join(err, srv.stop())
	}
	c := &cluster{server: srv, admin: admin, template: newName("template")}
	if err := errors.Join(c.chooseStrategy(ctx), c.makeTemplate(ctx)); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

// chooseStrategy copies files where the server is ours: without fsync that takes 15 ms, through the log 60.
// PostgreSQL before 15 knows no other way and no word for it.
func (c *cluster) chooseStrategy(ctx context.Context) error {
	err := c.admin.QueryRowContext(ctx, `
		select case when current_setting('fsync') = 'off' and current_setting('server_version_num')::integer >= 150000
		            then ' strategy file_copy'
		            else ''
		       end`).Scan(&c.strategy)
	if err != nil {
		return fmt.Errorf("ask the server's version: %w", err)
	}
	return nil
}

func (c *cluster) makeTemplate(ctx context.Context) error {
	if err := c.create(ctx, c.template, "template0"); err != nil {
		return err
	}
	url, err := replaceDatabase(c.server.url, c.template)
	if err != nil {
		return err
	}
	store, err := storage.Open(ctx, url, storage.Options{})
	if err != nil {
		return err
	}
	return errors.Join(store.Migrate(ctx), store.Close())
}

func (c *cluster) clone(ctx context.Context) (string, func(context.Context) error, error) {
	return c.database(ctx, c.template)
}

func (c *cluster) empty(ctx context.Context) (string, func(context.Context) error, error) {
	return c.database(ctx, "template0")
}

func (c *cluster) database(ctx context.Context, template string) (url string, drop func(context.Context) error, err error) {
	name := newName("test")
	if err := c.create(ctx, name, template); err != nil {
		return "", nil, err
	}
	drop = func(ctx context.Context) error { return c.drop(ctx, name) }
	url, err = replaceDatabase(c.server.url, name)
	return url, drop, err
}

func (c *cluster) create(ctx context.Context, name, template string) error {
	c.copying.Lock()
	defer c.copying.Unlock()
	_, err := c.admin.ExecContext(ctx, `create database `+pq.QuoteIdentifier(name)+` template `+pq.QuoteIdentifier(template)+c.strategy)
	if err != nil {
		return fmt.Errorf("create database: %w", err)
	}
	return nil
}

func (c *cluster) drop(ctx context.Context, name string) error {
	_, err := c.admin.ExecContext(ctx, `drop database if exists `+pq.QuoteIdentifier(name)+` with (force)`)
	if err != nil {
		return fmt.Errorf("drop database: %w", err)
	}
	return nil
}

func (c *cluster) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return errors.Join(c.drop(ctx, c.template), c.admin.Close(), c.server.stop())
}

func newName(kind string) string {
	return "previewd_" + kind + "_" + strings.ToLower(rand.Text())
}
