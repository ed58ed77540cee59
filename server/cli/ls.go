package cli

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"previewd/server/client"
)

func (a *app) lsCommand() *cobra.Command {
	all := false
	cmd := &cobra.Command{
		Use:     "ls",
		Aliases: []string{"list"},
		Short:   "List previews",
		Args:    exactly(0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.ls(cmd.Context(), all) },
	}
	cmd.Flags().BoolVarP(&all, "all", "a", false, "list those that have ended too")
	return a.clientFlags(cmd)
}

func (a *app) ls(ctx context.Context, all bool) error {
	c, err := a.client()
	if err != nil {
		return err
	}
	list, err := c.Previews(ctx)
	if err != nil {
		return err
	}
	shown := []client.Summary{}
	for _, p := range list {
		if all || p.Status.Active() {
			shown = append(shown, p)
		}
	}
	if a.json {
		a.encode(a.deps.Stdout, map[string]any{"previews": shown})
		return nil
	}
	if len(shown) == 0 {
		fmt.Fprintln(a.deps.Stderr, nothingListed(len(list)))
		return nil
	}
	return table(a.deps.Stdout, shown, time.Now())
}

// nothingListed goes to stderr: a script that counts lines counts none.
func nothingListed(ended int) string {
	if ended > 0 {
		return "no preview runs; --all lists those that have ended"
	}
	return "no previews yet; `previewd up DIR` launches one"
}

func table(out io.Writer, list []client.Summary, now time.Time) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "GENERATION\tSTATUS\tFRAMEWORK\tURL\tAGE")
	for _, p := range list {
		state, framework, url := string(p.Status), p.Framework, p.BaseURL
		switch {
		case p.Phase != "" && p.Status.Active():
			state += " (" + string(p.Phase) + ")"
		case p.Reason != "":
			state += " (" + string(p.Reason) + ")"
		}
		if framework == "" {
			framework = "-"
		}
		if url == "" || !p.Status.Active() {
			url = "-"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", clean(p.GenerationID, false), clean(state, false), clean(framework, false),
			clean(url, false), age(now.Sub(p.CreatedAt)))
	}
	return w.Flush()
}
