package backup

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"previewd/storage/migrations"
)

// mayFill checks that nobody's tables are in the way: those of a previewd only where they may be replaced, others never.
func mayFill(ctx context.Context, db Database, replace bool) error {
	there, err := tables(ctx, db.URL)
	if err != nil || len(there) == 0 {
		return err
	}
	known := migrations.Tables()
	strange := slices.DeleteFunc(slices.Clone(there), func(t string) bool { return slices.Contains(known, t) })
	if len(strange) > 0 {
		return fmt.Errorf("%w: it has tables that this version of previewd did not make (%s); restore into a database of its own",
			ErrNotEmpty, strings.Join(strange, ", "))
	}
	if !replace {
		return fmt.Errorf("%w: it has the tables of a previewd (%s); to replace them has to be asked for (--force)", ErrNotEmpty, strings.Join(there, ", "))
	}
	return nil
}

// tables are those of the schema that previewd uses. Partitions are a part of theirs.
func tables(ctx context.Context, url string) (names []string, err error) {
	db, err := sql.Open("postgres", url)
	if err != nil {
		return nil, errors.New("database URL cannot be parsed")
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, `
		select   relname
		from     pg_class
		where    relnamespace = 'public'::regnamespace
		  and    relkind in ('r', 'p', 'v', 'm', 'f')
		  and    not relispartition
		order by relname`)
	if err != nil {
		return nil, fmt.Errorf("tables: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("tables: %w", err)
		}
		names = append(names, name)
	}
	return names, rows.Err()
}
