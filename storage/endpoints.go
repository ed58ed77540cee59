package storage

import (
	"context"
	"fmt"
)

// Endpoints returns what was put last for a generation, nil unless it was read in files of this digest by this version.
func (s *Store) Endpoints(ctx context.Context, generationID, digest, version string) ([]byte, error) {
	var found []byte
	err := s.db.GetContext(ctx, &found, `
		select found
		from   generation_endpoints
		where  generation_id = $1
		  and  digest        = $2
		  and  version       = $3`, generationID, digest, version)
	if isNoRows(err) {
		return nil, nil //nolint:nilnil // nothing was put
	}
	if err != nil {
		return nil, fmt.Errorf("endpoints of generation %s: %w", generationID, err)
	}
	return found, nil
}

// PutEndpoints keeps what was read in a generation's files, in the place of what was kept before. A generation that is gone
// meanwhile is no error.
func (s *Store) PutEndpoints(ctx context.Context, generationID, digest, version string, found []byte) error {
	_, err := s.db.ExecContext(ctx, `
		insert into generation_endpoints (generation_id, digest, version, found)
		select id, $2, $3, $4
		from   generations
		where  id = $1
		for    key share
		on conflict (generation_id) do update
		set    digest  = excluded.digest,
		       version = excluded.version,
		       found   = excluded.found`, generationID, digest, version, nonNil(found))
	if err != nil {
		return fmt.Errorf("put endpoints of generation %s: %w", generationID, err)
	}
	return nil
}

// SetEndpointsCount notes how many endpoints a preview's app has. Of a preview that is gone nothing is noted.
func (s *Store) SetEndpointsCount(ctx context.Context, previewID string, count int) error {
	_, err := s.db.ExecContext(ctx, `
		update previews
		set    endpoints_count = $2
		where  id = $1
		  and  endpoints_count <> $2`+lazily, previewID, count)
	if err != nil {
		return fmt.Errorf("set the number of endpoints of preview %s: %w", previewID, err)
	}
	return nil
}
