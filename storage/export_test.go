package storage

import "github.com/jmoiron/sqlx"

// DB lets tests look at the sessions that a Store opens.
func (s *Store) DB() *sqlx.DB { return s.db }
