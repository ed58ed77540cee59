package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"previewd/runtime/preview"
)

const generationColumns = `
	id, user_id, project_id, files, bytes, digest, framework, runtime, created_at, updated_at`

type generationRow struct {
	ID        string    `db:"id"`
	UserID    string    `db:"user_id"`
	ProjectID string    `db:"project_id"`
	Files     int       `db:"files"`
	Bytes     int64     `db:"bytes"`
	Digest    string    `db:"digest"`
	Framework string    `db:"framework"`
	Runtime   string    `db:"runtime"`
	CreatedAt time.Time `db:"created_at"`
	UpdatedAt time.Time `db:"updated_at"`
}

func (r generationRow) generation() preview.Generation {
	return preview.Generation{
		ID: r.ID, UserID: r.UserID, ProjectID: r.ProjectID,
		Files: r.Files, Bytes: r.Bytes, Digest: r.Digest,
		Framework: r.Framework, Runtime: preview.Runtime(r.Runtime),
		CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
	}
}

// PutGeneration stores a generation with its archive, or replaces the one of the same id. The times are set here:
// created_at of a replaced one stays. An id that belongs to another user is ErrPermissionDenied.
func (s *Store) PutGeneration(ctx context.Context, g preview.Generation, archive []byte, files []preview.FileInfo) (preview.Generation, error) {
	if files == nil {
		files = []preview.FileInfo{}
	}
	list, err := toJSON(files)
	if err != nil {
		return preview.Generation{}, err
	}
	var row generationRow
	err = s.db.GetContext(ctx, &row, `
		insert into generations
		       (id, user_id, project_id, files, bytes, digest, framework, runtime, file_list, archive, created_at, updated_at)
		values ($1, $2,      $3,         $4,    $5,    $6,     $7,        $8,      $9,        $10,     $11,        $11)
		on conflict (id) do update
		set    project_id = excluded.project_id,
		       files      = excluded.files,
		       bytes      = excluded.bytes,
		       digest     = excluded.digest,
		       framework  = excluded.framework,
		       runtime    = excluded.runtime,
		       file_list  = excluded.file_list,
		       archive    = excluded.archive,
		       updated_at = excluded.updated_at
		where  generations.user_id = excluded.user_id
		returning `+generationColumns,
		g.ID, g.UserID, g.ProjectID, g.Files, g.Bytes, g.Digest, clean(g.Framework), string(g.Runtime), list, nonNil(archive), s.now())
	if isNoRows(err) {
		return preview.Generation{}, fmt.Errorf("%w: %q", preview.ErrPermissionDenied, g.ID)
	}
	if err != nil {
		return preview.Generation{}, fmt.Errorf("put generation %s: %w", g.ID, err)
	}
	return row.generation(), nil
}

// Generation returns what is known of a generation without its files, or ErrGenerationNotFound.
func (s *Store) Generation(ctx context.Context, id string) (preview.Generation, error) {
	var row generationRow
	err := s.db.GetContext(ctx, &row, `
		select `+generationColumns+`
		from   generations
		where  id = $1`, id)
	if err != nil {
		return preview.Generation{}, fmt.Errorf("generation: %w", generationNotFound(err, id))
	}
	return row.generation(), nil
}

// GenerationArchive returns the files as one gzip-compressed tar, or ErrGenerationNotFound.
func (s *Store) GenerationArchive(ctx context.Context, id string) ([]byte, error) {
	var archive []byte
	err := s.db.GetContext(ctx, &archive, `
		select archive
		from   generations
		where  id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("generation's archive: %w", generationNotFound(err, id))
	}
	return archive, nil
}

// GenerationFiles lists the files as they were given to PutGeneration, or ErrGenerationNotFound.
func (s *Store) GenerationFiles(ctx context.Context, id string) ([]preview.FileInfo, error) {
	var list []byte
	err := s.db.GetContext(ctx, &list, `
		select file_list
		from   generations
		where  id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("generation's files: %w", generationNotFound(err, id))
	}
	var files []preview.FileInfo
	return files, fromJSON(list, &files)
}

// Generations lists one page of a user's generations, newest first; userID "" lists everybody's. An empty cursor
// starts at the newest, an empty next means that there are no more; limit 0 is 50, at most 500. A cursor that was
// not made here is ErrInvalidCursor.
func (s *Store) Generations(ctx context.Context, userID, from string, limit int) (list []preview.Generation, next string, err error) {
	after, err := parseCursor(from)
	if err != nil {
		return nil, "", err
	}
	page := pageSize(limit)
	var rows []generationRow
	err = s.db.SelectContext(ctx, &rows, `
		select `+generationColumns+`
		from   generations
		where  ($1 = '' or user_id = $1)
		  and  (created_at, id) < ($2, $3)
		order  by created_at desc, id desc
		limit  $4`, userID, after.At, after.ID, page+1)
	if err != nil {
		return nil, "", fmt.Errorf("generations: %w", err)
	}
	rows, next = cut(rows, page, func(r generationRow) cursor { return cursor{r.CreatedAt, r.ID} })
	list = make([]preview.Generation, 0, len(rows))
	for _, row := range rows {
		list = append(list, row.generation())
	}
	return list, next, nil
}

// DeleteGeneration removes a generation with its ended previews and their logs. While one of its previews is
// active it is ErrGenerationActive: its row is the only trace of an instance and a port.
func (s *Store) DeleteGeneration(ctx context.Context, id string) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := lockIdleGeneration(ctx, tx, id); err != nil {
			return err
		}
		if _, err := deletePreviews(ctx, tx, `generation_id = $1`, id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `delete from generations where id = $1`, id); err != nil {
			return fmt.Errorf("delete generation %s: %w", id, err)
		}
		return nil
	})
}

// lockIdleGeneration keeps previews of the generation from starting until the transaction ends.
func lockIdleGeneration(ctx context.Context, tx *sqlx.Tx, id string) error {
	var found string
	if err := tx.GetContext(ctx, &found, `select id from generations where id = $1 for update`, id); err != nil {
		return fmt.Errorf("delete generation: %w", generationNotFound(err, id))
	}
	var active bool
	err := tx.GetContext(ctx, &active, `
		select exists (
			select from previews
			where  generation_id = $1
			  and  status in ('starting', 'running', 'stopping'))`, id)
	if err != nil {
		return fmt.Errorf("active previews of generation %s: %w", id, err)
	}
	if active {
		return fmt.Errorf("%w: %q", preview.ErrGenerationActive, id)
	}
	return nil
}
