package cli

import (
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
	for action, text := range map[string]string{
		"up":     "Bring the schema to this version (serve does so by itself)",
		"down":   "Take the latest change of the schema back",
		"status": "Show which changes have been made",
	} {
		cmd.AddCommand(&cobra.Command{
			Use:   action,
			Short: text,
			Args:  exactly(0),
			RunE: func(cmd *cobra.Command, _ []string) error {
				if a.deps.Migrate == nil {
					return errNoService
				}
				return a.deps.Migrate(cmd.Context(), MigrateOptions{Environ: a.deps.Environ, Action: action, Out: a.deps.Stdout})
			},
		})
	}
	return cmd
}
