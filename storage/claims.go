package storage

import (
	"context"
	"fmt"

	"previewd/runtime/preview"
)

// Claims lists whose every preview is that may hold an instance and a port, oldest first. It is asked every few seconds,
// for all of them: the rows themselves are many times larger.
func (s *Store) Claims(ctx context.Context) ([]preview.Claim, error) {
	rows, err := s.db.QueryContext(ctx, `
		select id, status, instance_id, coalesce(request ->> 'launcher', '')
		from   previews
		where  status in ('starting', 'running', 'stopping')
		order  by created_at, id`)
	if err != nil {
		return nil, fmt.Errorf("claims: %w", err)
	}
	defer rows.Close()
	var list []preview.Claim
	for rows.Next() {
		var c preview.Claim
		if err := rows.Scan(&c.ID, &c.Status, &c.InstanceID, &c.Launcher); err != nil {
			return nil, fmt.Errorf("claims: %w", err)
		}
		list = append(list, c)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("claims: %w", err)
	}
	return list, nil
}
