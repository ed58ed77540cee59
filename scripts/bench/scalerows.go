package main

import (
	"context"
	"fmt"
)

// lowestPort is the first that a preview may have.
const lowestPort = 1024

// crowd makes rows as a previewd leaves them that ran so many previews and was killed: a hundred to a user, each with its
// generation and some lines in its log. The store would take a transaction for each. Above 64,512 previews the unique
// lease of a port has to go.
func (b *logBed) crowd(ctx context.Context, previews, lines int) error {
	commands := []string{`drop index previews_port_lease`, fmt.Sprintf(`
		insert into generations
		       (id, user_id, project_id, files, bytes, digest, framework, runtime, file_list, archive, created_at, updated_at)
		select 'scale-' || i, 'user-' || i / 100, 'project', 40, 20000, 'sha256:' || md5(i::text), 'fastapi', 'python', '[]', 'x', now(), now()
		from   generate_series(0, %d) as i`, previews-1), fmt.Sprintf(`
		insert into previews
		       (id, generation_id, user_id, project_id, status, phase, health, port, request, session_token_hash,
		        token_expiry, created_at, started_at, running_at, last_active_at, expires_at, timings,
		        runtime, framework, command, memory_limit_mb, host, instance_id, log_instances)
		select fresh, generations.id, user_id, project_id, 'running', 'booting', 'healthy', %d + i %% %d,
		       jsonb_build_object('timeout', 60, 'memory_mb', 0, 'nonce', md5(fresh), 'launcher', 'killed'), sha256(fresh::bytea),
		       now() + '1 day', now(), now(), now(), now(), now() + '1 day', '{"fetching": 12, "booting": 840, "creating": 130, "total": 1032}',
		       'python', 'fastapi', 'uvicorn main:app --host 0.0.0.0 --port 8000', 512, host, 'instance-' || fresh, array['instance-' || fresh]
		from   generate_series(0, %d) as i
		join   generations on generations.id = 'scale-' || i
		cross  join lateral (select gen_random_uuid()::text || left(i::text, 0) as fresh) as name`, lowestPort, 65536-lowestPort, previews-1), fmt.Sprintf(`
		insert into preview_logs
		       (day, log, seq, ts, origin, group_line, instance, level, source, stream, message, coloured)
		select log_day, log_id, seq, now(), (extract(epoch from now()) * 1e9)::bigint - 60000000000 + seq, 0, 1, 20, 1, 1,
		       'INFO:     127.0.0.1:51234 - "GET /api/notes?page=' || seq || ' HTTP/1.1" 200 OK', ''
		from   previews
		cross  join generate_series(1, %d) as seq
		where  status = 'running'`, lines), `vacuum analyze`}
	if previews <= 65536-lowestPort {
		commands = commands[1:]
	}
	_, err := b.psql(ctx, commands...)
	return err
}

// connections is how many a process has to the database, and how many of them do something.
func (b *logBed) connections(ctx context.Context) (open, busy int, err error) {
	text, err := b.psql(ctx, `select count(*) || ' ' || count(*) filter (where state <> 'idle') from pg_stat_activity where application_name like 'previewd _%'`)
	if err != nil {
		return 0, 0, err
	}
	_, err = fmt.Sscan(text, &open, &busy)
	return open, busy, err
}
