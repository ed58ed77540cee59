package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

func (a *app) extendCommand() *cobra.Command {
	var more time.Duration
	cmd := &cobra.Command{
		Use:   "extend ID",
		Short: "Let a preview live longer; ID is a generation's id or the beginning of one",
		Args:  exactly(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return a.extend(cmd.Context(), args[0], more) },
	}
	cmd.Flags().DurationVar(&more, "for", 0, "how long from now, such as 30m (default the session timeout, at most the maximum uptime)")
	return a.clientFlags(cmd)
}

func (a *app) extend(ctx context.Context, id string, more time.Duration) error {
	if more < 0 {
		return &usageError{"--for is negative", "say how long from now, such as --for 30m"}
	}
	c, s, err := a.previewOf(ctx, id)
	if err != nil {
		return err
	}
	extended, err := c.Extend(ctx, s.GenerationID, more)
	if err != nil {
		return err
	}
	if a.json {
		a.encode(a.deps.Stdout, extended)
		return nil
	}
	until := "its end"
	if extended.ExpiresAt != nil {
		until = extended.ExpiresAt.Local().Format(time.DateTime)
	}
	fmt.Fprintf(a.deps.Stdout, "%s lives until %s\n", clean(extended.GenerationID, false), until)
	return nil
}
