package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"previewd/server/client"
)

// longestShare is how long the server lets a link open a preview at most.
const longestShare = 24 * time.Hour

func (a *app) shareCommand() *cobra.Command {
	var last time.Duration
	var revoke bool
	cmd := &cobra.Command{
		Use:   "share ID",
		Short: "Make a link that opens a preview for others, or take all back; ID is a generation's id or the beginning of one",
		Args:  exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if revoke && last != 0 {
				return &usageError{"--for and --revoke together", "take the links back first, then make a new one"}
			}
			if revoke {
				return a.revokeShares(cmd.Context(), args[0])
			}
			return a.share(cmd.Context(), args[0], last)
		},
	}
	cmd.Flags().DurationVar(&last, "for", 0, "how long it opens the preview, such as 15m (default 1h, at most 24h)")
	cmd.Flags().BoolVar(&revoke, "revoke", false, "end all links that were made to the preview, and the visits that began by one")
	return a.clientFlags(cmd)
}

// share writes nothing but the link to stdout, so that it can be passed on.
func (a *app) share(ctx context.Context, id string, last time.Duration) error {
	if last < 0 || last > longestShare {
		return &usageError{"--for " + last.String() + " is out of range", "say how long from now, such as --for 15m, at most 24h"}
	}
	c, s, err := a.previewOf(ctx, id)
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

func (a *app) revokeShares(ctx context.Context, id string) error {
	c, s, err := a.previewOf(ctx, id)
	if err != nil {
		return err
	}
	if err := c.RevokeShares(ctx, s.GenerationID); err != nil {
		return err
	}
	if a.json {
		a.encode(a.deps.Stdout, map[string]string{"generation_id": s.GenerationID, "links": "revoked"})
		return nil
	}
	fmt.Fprintf(a.deps.Stdout, "no link opens %s any more\n", clean(s.GenerationID, false))
	return nil
}

// previewOf is who to ask, and the preview that id means.
func (a *app) previewOf(ctx context.Context, id string) (*client.Client, client.Status, error) {
	c, err := a.client()
	if err != nil {
		return nil, client.Status{}, err
	}
	s, err := resolve(ctx, c, id)
	return c, s, err
}
