package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

func (a *app) shareCommand() *cobra.Command {
	var last time.Duration
	cmd := &cobra.Command{
		Use:   "share ID",
		Short: "Make a link that opens a preview for others; ID is a generation's id or the beginning of one",
		Args:  exactly(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return a.share(cmd.Context(), args[0], last) },
	}
	cmd.Flags().DurationVar(&last, "for", 0, "how long it opens the preview, such as 15m (default an hour, at most 24)")
	return a.clientFlags(cmd)
}

// share writes nothing but the link to stdout, so that it can be passed on.
func (a *app) share(ctx context.Context, id string, last time.Duration) error {
	if last < 0 {
		return &usageError{"--for is negative", "say how long from now, such as --for 15m"}
	}
	c, err := a.client()
	if err != nil {
		return err
	}
	s, err := resolve(ctx, c, id)
	if err != nil {
		return err
	}
	link, err := c.Share(ctx, s.GenerationID, last)
	if err != nil {
		return err
	}
	if a.json {
		a.encode(a.deps.Stdout, link)
		return nil
	}
	fmt.Fprintln(a.deps.Stdout, clean(link.URL, false))
	fmt.Fprintf(a.deps.Stderr, "opens %s until %s or the preview's end\n", clean(s.GenerationID, false), link.ExpiresAt.Local().Format(time.DateTime))
	return nil
}
