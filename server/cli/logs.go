package cli

import (
	"context"

	"github.com/spf13/cobra"

	"previewd/runtime/preview"
	"previewd/server/client"
)

func (a *app) logsCommand() *cobra.Command {
	follow := false
	cmd := &cobra.Command{
		Use:   "logs ID",
		Short: "Print a preview's log; ID is a generation's id or the beginning of one",
		Args:  exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.client()
			if err != nil {
				return err
			}
			s, err := resolve(cmd.Context(), c, args[0])
			if err != nil {
				return err
			}
			if follow && s.Status.Active() {
				return a.followLogs(cmd.Context(), c, s)
			}
			return c.Logs(cmd.Context(), s.GenerationID, 0, a.lineWriter())
		},
	}
	cmd.Flags().BoolVarP(&follow, "follow", "f", false, "go on until the preview ends")
	return a.clientFlags(cmd)
}

// lineWriter prints lines alone: with --json each is a row of the API.
func (a *app) lineWriter() func(preview.LogLine) {
	if a.json {
		return func(l preview.LogLine) { a.encode(a.deps.Stdout, l) }
	}
	return a.progress().line
}

// followLogs ends with the preview, or with the user's interrupt: both are how it is meant to end.
func (a *app) followLogs(ctx context.Context, c *client.Client, s client.Status) error {
	f := &follower{
		api:      c,
		launched: client.Launched{ID: s.ID, GenerationID: s.GenerationID},
		show:     linesOnly{a.lineWriter()},
		poll:     a.deps.Poll,
		patience: a.deps.Patience,
	}
	_, err := f.follow(ctx, false)
	if ctx.Err() != nil {
		return nil
	}
	return err
}
