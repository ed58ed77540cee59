package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Used is a server that is used for a moment beside the one who may run it.
type Used struct {
	URL      string
	Programs string // the folder of PostgreSQL's programs, of the server's own version
	close    func(context.Context) error
}

// Close ends the server where it was started for this.
func (u Used) Close(ctx context.Context) error { return u.close(ctx) }

// Use reaches the server that another process of the same user runs in the folder, or starts it for as long as it is used.
func Use(ctx context.Context, o Options) (Used, error) {
	s, err := Start(ctx, o)
	if errors.Is(err, ErrInUse) {
		return join(ctx, o)
	}
	if err != nil {
		return Used{}, err
	}
	return Used{URL: s.URL(), Programs: s.programs, close: s.Stop}, nil
}

// join finds what the one who has the lock started.
func join(ctx context.Context, o Options) (Used, error) {
	l, err := prepare(o.Dir)
	if err != nil {
		return Used{}, fmt.Errorf("embedded database: %w", err)
	}
	used, err := l.joined(ctx, o.BinDirs)
	if err != nil {
		return Used{}, fmt.Errorf("embedded database: %w", errors.Join(err, l.handle.Close()))
	}
	return used, nil
}

func (l layout) joined(ctx context.Context, dirs []string) (Used, error) {
	version, err := clusterVersion(l.data)
	if err != nil {
		return Used{}, err
	}
	programs, err := find(ctx, dirs, version)
	if err != nil {
		return Used{}, err
	}
	url := connectURL(l.socketDir())
	if err := answers(ctx, url); err != nil {
		return Used{}, fmt.Errorf("the server of the previewd that uses %s cannot be reached (it lets in the user that previewd runs as, and no other): %w", l.dir, err)
	}
	return Used{URL: url, Programs: programs.dir, close: func(context.Context) error { return l.handle.Close() }}, nil
}

// answers asks the server once: whoever holds the lock may be starting it, or ending it.
func answers(ctx context.Context, url string) error {
	db, err := sql.Open("postgres", url)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	return errors.Join(db.PingContext(ctx), db.Close())
}
