package storage

import (
	"context"
	"fmt"

	"github.com/lib/pq"
)

// mine narrows a statement on previews to those that this process is responsible for. A process that was stopped or cut off, and
// came back after its previews were taken over, changes nothing any more: whoever took them over did so in the same row.
func (s *Store) mine() string {
	if s.process == "" {
		return ""
	}
	return ` and request ->> 'launcher' = ` + pq.QuoteLiteral(s.process)
}

// Launchers names the processes that are responsible for active previews, without reading all of these.
func (s *Store) Launchers(ctx context.Context) ([]string, error) {
	var names []string
	err := s.db.SelectContext(ctx, &names, `
		with recursive launchers (name) as (
			(select coalesce(request ->> 'launcher', '')
			 from   previews
			 where  status in ('starting', 'running', 'stopping')
			 order  by 1
			 limit  1)
			union all
			select (select coalesce(request ->> 'launcher', '')
			        from   previews
			        where  status in ('starting', 'running', 'stopping')
			          and  coalesce(request ->> 'launcher', '') > name
			        order  by 1
			        limit  1)
			from   launchers
			where  name is not null
		)
		select name
		from   launchers
		where  name is not null`)
	if err != nil {
		return nil, fmt.Errorf("launchers: %w", err)
	}
	return names, nil
}

// PreviewsOf lists the active previews that a process is responsible for.
func (s *Store) PreviewsOf(ctx context.Context, process string) ([]string, error) {
	var ids []string
	err := s.db.SelectContext(ctx, &ids, `
		select id
		from   previews
		where  coalesce(request ->> 'launcher', '') = $1
		  and  status in ('starting', 'running', 'stopping')`, process)
	if err != nil {
		return nil, fmt.Errorf("previews of process %s: %w", process, err)
	}
	return ids, nil
}

// Holds reports whether this process is still responsible for the preview, or it is nobody's any more because it ended.
func (s *Store) Holds(ctx context.Context, previewID string) (bool, error) {
	var others int
	err := s.db.GetContext(ctx, &others, `
		select count(*)
		from   previews
		where  id = $1
		  and  coalesce(request ->> 'launcher', '') <> $2`, previewID, s.process)
	if err != nil {
		return false, fmt.Errorf("whose preview %s is: %w", previewID, err)
	}
	return others == 0 || s.process == "", nil
}

// Leave gives this process's active previews to whoever takes them, at once and without finding it dead first.
func (s *Store) Leave(ctx context.Context) error {
	_, err := s.db.ExecContext(ctx, `
		update previews
		set    request = request - 'launcher'
		where  request ->> 'launcher' = $1
		  and  status in ('starting', 'running', 'stopping')`, s.process)
	if err != nil {
		return fmt.Errorf("leave previews: %w", err)
	}
	return nil
}

// Expel ends the sessions of a process that was found dead. It may only be cut off, and hold locks in the middle of a transaction.
func (s *Store) Expel(ctx context.Context, process string) error {
	_, err := s.db.ExecContext(ctx, `
		select pg_terminate_backend(pid)
		from   pg_stat_activity
		where  application_name = $1
		  and  datname = current_database()
		  and  usename = current_user`, sessionName(process))
	if err != nil {
		return fmt.Errorf("end the sessions of process %s: %w", process, err)
	}
	return nil
}
