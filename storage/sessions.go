package storage

import (
	"context"
	"fmt"
	"time"

	"previewd/runtime/preview"
)

// Extend lets a preview that starts or runs, and its session token, live until the given time at least, and returns it
// as it is then; an earlier end than the stored one changes nothing. It counts as use at the time at. In any other state it is a
// *preview.TransitionError.
func (s *Store) Extend(ctx context.Context, id string, until, at time.Time) (preview.Preview, error) {
	return s.renew(ctx, id, `
		update previews
		set    expires_at     = greatest(expires_at, $2),
		       token_expiry   = greatest(token_expiry, $2),
		       last_active_at = greatest(last_active_at, $3)
		where  id = $1
		  and  status in ('starting', 'running')
		returning `+previewColumns, id, until, at)
}

// RenewSession gives a preview that starts or runs another session token, of which only the hash is kept; the one it had
// opens nothing any more, nor do those beside it. In any other state it is a *preview.TransitionError.
func (s *Store) RenewSession(ctx context.Context, id string, tokenHash []byte, expiry time.Time) (preview.Preview, error) {
	return s.renew(ctx, id, `
		update previews
		set    session_token_hash = $2,
		       more_session_hashes = '{}',
		       token_expiry       = $3
		where  id = $1
		  and  status in ('starting', 'running')
		returning `+previewColumns, id, tokenHash, expiry)
}

// moreSessions is how many session tokens a preview has beside the first one. The oldest goes for another.
const moreSessions = 7

// AddSession gives a preview that starts or runs a session token beside those that it has, which all expire with the first one. Where that
// has expired, the new one takes its place until expiry. In any other state it is a *preview.TransitionError.
func (s *Store) AddSession(ctx context.Context, id string, tokenHash []byte, now, expiry time.Time) (preview.Preview, error) {
	return s.renew(ctx, id, `
		update previews
		set    session_token_hash  = case when token_expiry > $3 then session_token_hash else $2 end,
		       more_session_hashes = case when token_expiry > $3 then (array_prepend($2::bytea, more_session_hashes))[:$5] else '{}' end,
		       token_expiry        = case when token_expiry > $3 then token_expiry else $4 end
		where  id = $1
		  and  status in ('starting', 'running')
		returning `+previewColumns, id, tokenHash, now, expiry, moreSessions)
}

// RevokeShares ends all links that were made to a preview that starts or runs. In any other state, where none opens it, it is a
// *preview.TransitionError.
func (s *Store) RevokeShares(ctx context.Context, id string) (preview.Preview, error) {
	return s.renew(ctx, id, `
		update previews
		set    share_round = share_round + 1
		where  id = $1
		  and  status in ('starting', 'running')
		returning `+previewColumns, id)
}

func (s *Store) renew(ctx context.Context, id, update string, args ...any) (preview.Preview, error) {
	var row previewRow
	err := s.db.GetContext(ctx, &row, update, args...)
	if isNoRows(err) {
		return preview.Preview{}, s.refused(ctx, s.db, id, preview.Running)
	}
	if err != nil {
		return preview.Preview{}, fmt.Errorf("renew preview %s: %w", id, err)
	}
	return row.preview()
}
