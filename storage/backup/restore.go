package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/lib/pq"

	"previewd/storage/migrations"
)

// Errors of a restore that did nothing.
var (
	ErrNotABackup = errors.New("file is not a backup of previewd")
	ErrNotEmpty   = errors.New("database is not empty")
)

// RestoreOptions say what becomes of the database.
type RestoreOptions struct {
	Replace bool      // take away what a previewd had there
	Copy    bool      // the original lives on: this becomes another installation, whose engine is not looked at for the original's previews
	Passed  io.Writer // is told of what is restored; nil is nobody
}

// Restore brings the backup at path into the database, all or nothing: in one transaction, which also holds what was there
// before. The caller sees to it that no previewd works on it. A backup of a later version of the program is refused.
func Restore(ctx context.Context, db Database, path string, o RestoreOptions) error {
	t, err := toolsFor(ctx, db)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if err := t.look(ctx, path); err != nil {
		return fmt.Errorf("restore %s: %w", path, err)
	}
	if err := mayFill(ctx, db, o.Replace); err != nil {
		return fmt.Errorf("restore %s: %w", path, err)
	}
	if err := t.restore(ctx, path, o); err != nil {
		return fmt.Errorf("restore %s: %w", path, err)
	}
	return nil
}

// look reads a backup's table of contents.
func (t tools) look(ctx context.Context, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%w: it is no regular file", ErrNotABackup)
	}
	var contents bytes.Buffer
	cmd := t.command(ctx, "pg_restore", "--list", path)
	cmd.Stdout = &contents
	if err := run(ctx, cmd); err != nil {
		return fmt.Errorf("%w: %w", ErrNotABackup, err)
	}
	for _, table := range []string{"installation", "goose_db_version"} {
		if !strings.Contains(contents.String(), " TABLE public "+table+" ") {
			return fmt.Errorf("%w: it has no table %s", ErrNotABackup, table)
		}
	}
	return nil
}

// restore has psql run what pg_restore makes of the backup. The commit comes last, and only after pg_restore is done: without it
// PostgreSQL forgets the rest.
func (t tools) restore(ctx context.Context, path string, o RestoreOptions) error {
	psql := t.command(ctx, "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output="+os.DevNull, "--file=-")
	var said bytes.Buffer
	psql.Stderr = &said
	in, err := psql.StdinPipe()
	if err != nil {
		return err
	}
	if err := psql.Start(); err != nil {
		return fmt.Errorf("psql: %w", err)
	}
	restored := t.script(ctx, path, tee(in, o.Passed), o)
	closed := in.Close()
	ended := psql.Wait()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case ended != nil: // then pg_restore lost its reader, which says nothing
		return failure(psql, said.String(), ended)
	}
	return errors.Join(restored, closed)
}

func (t tools) script(ctx context.Context, path string, to io.Writer, o RestoreOptions) error {
	if _, err := io.WriteString(to, before(o.Replace)); err != nil {
		return err
	}
	cmd := t.command(ctx, "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--file=-", path)
	cmd.Stdout = to
	if err := run(ctx, cmd); err != nil {
		return err
	}
	_, err := io.WriteString(to, after(o.Copy))
	return err
}

// before drops tables that a previewd made. Partitions go with the table they are of.
func before(replace bool) string {
	script := "begin;\nset local client_min_messages = warning;\nset local statement_timeout = 0;\n"
	if !replace {
		return script
	}
	for _, table := range migrations.Tables() {
		script += "drop table if exists public." + pq.QuoteIdentifier(table) + " cascade;\n"
	}
	return script
}

// after refuses a schema that this program does not know, and makes another installation of a copy.
func after(isCopy bool) string {
	script := fmt.Sprintf(`
do $$
begin
    if (select max(version_id) from public.goose_db_version) > %[1]d then
        raise exception 'it was made by a later version of previewd: this one knows the schema up to version %[1]d';
    end if;
end
$$;
`, migrations.Newest())
	if isCopy {
		script += copied
	}
	return script + "analyze;\ncommit;\n"
}

// copied lets the next start make an identity of its own, and leaves it to the original to tell its receiver.
const copied = `
delete from public.installation;
delete from public.webhook_events where delivery = 'pending';
`
