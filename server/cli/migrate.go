package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
)

func (a *app) migrateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Change the database's schema, or show its state",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return &usageError{"there is no action " + quote(args[0]), "use up, down or status"}
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error {
			return &usageError{"migrate needs an action", "use up, down or status"}
		},
	}
	cmd.AddCommand(
		a.migration("up", "Bring the schema to this version (serve does so by itself)"),
		a.migrationBack(),
		a.migration("status", "Show which changes have been made"),
	)
	return cmd
}

func (a *app) migration(action, text string) *cobra.Command {
	return &cobra.Command{
		Use:   action,
		Short: text,
		Args:  exactly(0),
		RunE:  func(cmd *cobra.Command, _ []string) error { return a.migrate(cmd.Context(), action, false) },
	}
}

func (a *app) migrationBack() *cobra.Command {
	var loseData bool
	cmd := a.migration("down", "Take the latest change of the schema back")
	cmd.Long = "Takes the latest change of the schema back, so that an older release can run. All previewds have to be stopped.\n" +
		"A step that loses data says what, and does nothing without --lose-data: back up first."
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.migrate(cmd.Context(), "down", loseData) }
	cmd.Flags().BoolVar(&loseData, "lose-data", false, "take it back also where the older schema cannot hold everything")
	return cmd
}

func (a *app) migrate(ctx context.Context, action string, loseData bool) error {
	if a.deps.Migrate == nil {
		return errNoService
	}
	err := a.deps.Migrate(ctx, MigrateOptions{Environ: a.deps.Environ, Action: action, LoseData: loseData, Out: a.deps.Stdout})
	var loses interface{ LosesData() }
	if errors.As(err, &loses) {
		return &hintError{err, "back up with `previewd backup FILE`, then `previewd migrate down --lose-data`"}
	}
	return err
}
