package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"
)

// awaitAnswer asks until the server answers a query, its process ends, or ctx runs out.
func awaitAnswer(ctx context.Context, url string, p *process) error {
	connector, err := pq.NewConnector(url)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	db := sql.OpenDB(connector)
	err = ask(ctx, db, p)
	return errors.Join(err, db.Close())
}

func ask(ctx context.Context, db *sql.DB, p *process) error {
	retry := time.NewTicker(10 * time.Millisecond)
	defer retry.Stop()
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("postgres ended at its start: %w: %s", p.err, p.tail.String())
		case <-ctx.Done():
			return fmt.Errorf("postgres does not answer: %w (%w): %s", ctx.Err(), err, p.tail.String())
		case <-retry.C:
		}
	}
}
