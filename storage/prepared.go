package storage

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/jmoiron/sqlx"
)

// prepared is a query that the server parses and plans once per connection and not at every use, for the few that front
// ends poll. It is prepared at its first use, when the schema is there, and lives as long as the connections.
type prepared struct {
	query string
	stmt  atomic.Pointer[sqlx.Stmt]
}

// get reads one row into dest.
func (p *prepared) get(ctx context.Context, db *sqlx.DB, dest any, args ...any) error {
	stmt := p.stmt.Load() //nolint:sqlclosecheck // it is kept
	if stmt == nil {
		fresh, err := db.PreparexContext(ctx, p.query)
		if err != nil {
			return fmt.Errorf("prepare: %w", err)
		}
		if stmt = fresh; !p.stmt.CompareAndSwap(nil, fresh) { // somebody was faster: this one is for this use
			defer fresh.Close()
		}
	}
	return stmt.GetContext(ctx, dest, args...)
}
