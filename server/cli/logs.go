package cli

import (
	"context"

	"github.com/spf13/cobra"

	"previewd/runtime/preview"
	"previewd/server/client"
)

func (a *app) logsCommand() *cobra.Command {
	var wanted logFlags
	cmd := &cobra.Command{
		Use:   "logs ID",
		Short: "Print a preview's log; ID is a generation's id or the beginning of one",
		Args:  exactly(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return a.logs(cmd.Context(), args[0], wanted) },
	}
	wanted.register(cmd)
	return a.clientFlags(cmd)
}

// logs prints what is stored, and follows from there.
func (a *app) logs(ctx context.Context, id string, wanted logFlags) error {
	search, live, err := wanted.parse()
	if err != nil {
		return err
	}
	c, err := a.client()
	if err != nil {
		return err
	}
	s, err := resolve(ctx, c, id)
	if err != nil {
		return err
	}
	write := a.lineWriter()
	last, err := c.SearchLogs(ctx, s.GenerationID, search, write)
	if err != nil || !wanted.follow || !s.Status.Active() || (wanted.preview != "" && wanted.preview != s.ID) {
		return err
	}
	return a.followLogs(ctx, c, s, last, func(l preview.LogLine) {
		if l.Seq == 0 || live.Wants(l) { // a notice of lost lines is for everybody
			write(l)
		}
	})
}

// lineWriter prints lines alone: with --json each is a row of the API.
func (a *app) lineWriter() func(preview.LogLine) {
	if a.json {
		return func(l preview.LogLine) { a.encode(a.deps.Stdout, l) }
	}
	return a.progress().line
}

// followLogs ends with the preview, or with the user's interrupt: both are how it is meant to end.
func (a *app) followLogs(ctx context.Context, c *client.Client, s client.Status, after int64, write func(preview.LogLine)) error {
	f := &follower{
		api:      c,
		launched: client.Launched{ID: s.ID, GenerationID: s.GenerationID},
		after:    after,
		show:     linesOnly{write},
		poll:     a.deps.Poll,
		patience: a.deps.Patience,
	}
	_, err := f.follow(ctx, false)
	if ctx.Err() != nil {
		return nil
	}
	return err
}
