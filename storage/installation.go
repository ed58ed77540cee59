package storage

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
)

// Owner returns the id of this installation, 12 lowercase hex digits. It is made once and labels all that
// previewd creates on the engine, so that two installations on one engine never touch each other's things.
func (s *Store) Owner(ctx context.Context) (string, error) {
	var random [6]byte
	_, _ = rand.Read(random[:]) // crypto/rand.Read never fails: it ends the program instead

	// Whoever loses the race to insert reads the winner's id in the statement after.
	_, err := s.db.ExecContext(ctx, `
		insert into installation (id)
		values ($1)
		on conflict do nothing`, hex.EncodeToString(random[:]))
	if err != nil {
		return "", fmt.Errorf("create installation id: %w", err)
	}
	var id string
	if err := s.db.GetContext(ctx, &id, `select id from installation`); err != nil {
		return "", fmt.Errorf("read installation id: %w", err)
	}
	return id, nil
}

// Secret returns 32 random bytes that this installation keeps, the same for all replicas. They are made once.
func (s *Store) Secret(ctx context.Context) ([]byte, error) {
	if _, err := s.Owner(ctx); err != nil { // the row has to be there
		return nil, err
	}
	fresh := make([]byte, 32)
	_, _ = rand.Read(fresh) // as above
	_, err := s.db.ExecContext(ctx, `
		update installation
		set    secret = $1
		where  secret is null`, fresh)
	if err != nil {
		return nil, fmt.Errorf("create installation secret: %w", err)
	}
	var secret []byte
	if err := s.db.GetContext(ctx, &secret, `select secret from installation`); err != nil {
		return nil, fmt.Errorf("read installation secret: %w", err)
	}
	return secret, nil
}
