package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

func (a *app) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Write the database into a file, while previewd runs",
		Long: "Writes the database, the configured one or the private one, into a file that only its owner may read, in pg_dump's custom\n" +
			"format. previewd may run meanwhile. The file gets its name when it is complete; what had it before is replaced. - is stdout.\n\n" +
			"It holds projects, logs, and the secret variables of previews that are active.",
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.backup(cmd.Context(), args[0]) },
	}
}

func (a *app) backup(ctx context.Context, path string) error {
	if a.deps.Backup == nil {
		return errNoService
	}
	begin := time.Now()
	n, err := a.deps.Backup(ctx, a.deps.Environ, path, a.deps.Stdout, a.meter("written"))
	if err == nil && path != "-" {
		fmt.Fprintf(a.deps.Stdout, "%s: %s in %s\n", path, size(n), time.Since(begin).Round(100*time.Millisecond))
	}
	return err
}

func (a *app) restoreCommand() *cobra.Command {
	o := RestoreOptions{}
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Bring a backup into the database",
		Long: "Brings a backup into the database, the configured one or the private one: all of it or, when anything fails, nothing. No previewd\n" +
			"may run on it. Running previews of the backup are taken up again where their containers still run, and end with\n" +
			"INSTANCE_LOST elsewhere; containers that were started after the backup are removed by the next start.\n\n" +
			"Where the original installation goes on, restore with --copy: two previewds of one identity on one engine would remove\n" +
			"each other's containers.",
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.restore(cmd.Context(), args[0], o) },
	}
	cmd.Flags().BoolVar(&o.Replace, "force", false, "replace what the database holds")
	cmd.Flags().BoolVar(&o.Copy, "copy", false, "make it another installation, beside the original")
	return cmd
}

func (a *app) restore(ctx context.Context, path string, o RestoreOptions) error {
	if a.deps.Restore == nil {
		return errNoService
	}
	o.Environ, o.Path, o.Passed = a.deps.Environ, path, a.meter("restored")
	if err := a.deps.Restore(ctx, o); err != nil {
		return err
	}
	fmt.Fprintf(a.deps.Stdout, "restored %s\n", path)
	return nil
}

// meter tells on stderr how far it is, every five seconds.
func (a *app) meter(done string) *meter {
	return &meter{say: func(n int64) { fmt.Fprintf(a.deps.Stderr, "%s %s\n", size(n), done) }, last: time.Now()}
}

type meter struct {
	say  func(int64)
	last time.Time
	n    int64
}

const meterEvery = 5 * time.Second

func (m *meter) Write(p []byte) (int, error) {
	m.n += int64(len(p))
	if time.Since(m.last) >= meterEvery {
		m.last = time.Now()
		m.say(m.n)
	}
	return len(p), nil
}
