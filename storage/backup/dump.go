package backup

import (
	"context"
	"io"
)

// Dump writes the database as it is at this moment, in pg_dump's custom format. Others may go on reading and writing; only
// changes of the schema wait for its end.
func Dump(ctx context.Context, db Database, to io.Writer) error {
	t, err := toolsFor(ctx, db)
	if err != nil {
		return err
	}
	// Whose the tables are is a matter of the database they get into.
	cmd := t.command(ctx, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=30s")
	out := &keeping{to: to}
	cmd.Stdout = out
	err = run(ctx, cmd)
	if out.err != nil {
		return out.err // pg_dump knows only that nobody reads any more
	}
	return err
}

// keeping keeps the error of a write.
type keeping struct {
	to  io.Writer
	err error
}

func (k *keeping) Write(p []byte) (int, error) {
	n, err := k.to.Write(p)
	k.err = err
	return n, err
}
