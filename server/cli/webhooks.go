package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"previewd/runtime/preview"
	"previewd/server/client"
)

func (a *app) webhooksCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "webhooks",
		Short: "List the events that the receiver of webhooks is told of, or send them again",
		Long: "Events are everybody's: the token needs admin in its scope. Of a previewd on this machine whose secret you may read, it is\n" +
			"minted for the moment.",
		Args: a.unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return &usageError{"say what to do with the webhooks", "see " + cmd.CommandPath() + " --help"}
		},
	}
	cmd.AddCommand(a.webhooksLsCommand(), a.webhooksRetryCommand())
	return cmd
}

func (a *app) webhooksLsCommand() *cobra.Command {
	state, limit := "", 0
	cmd := &cobra.Command{
		Use:     "ls",
		Aliases: []string{"list"},
		Short:   "List events, the newest first",
		Args:    exactly(0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.webhooksLs(cmd.Context(), state, limit) },
	}
	cmd.Flags().StringVar(&state, "status", "", "only those that are pending, delivered or dead")
	cmd.Flags().IntVar(&limit, "limit", 50, "how many at most")
	return a.clientFlags(cmd)
}

func (a *app) webhooksLs(ctx context.Context, state string, limit int) error {
	states := []preview.DeliveryState{"", preview.DeliveryPending, preview.DeliveryDelivered, preview.DeliveryDead}
	if !slices.Contains(states, preview.DeliveryState(state)) {
		return &usageError{"--status " + quote(state) + " is none", "write pending, delivered or dead"}
	}
	if limit < 1 {
		return &usageError{"--limit must be at least 1", "see previewd webhooks ls --help"}
	}
	c, err := a.adminClient()
	if err != nil {
		return err
	}
	list, receiver, err := c.WebhookEvents(ctx, state, limit)
	if err != nil {
		return adminHint(err)
	}
	if a.json {
		a.encode(a.deps.Stdout, map[string]any{"events": list, "receiver": receiver})
		return nil
	}
	a.aboutReceiver(receiver)
	return eventTable(a.deps.Stdout, list, time.Now())
}

// adminHint says how to get a token that is not refused.
func adminHint(err error) error {
	var p *client.Problem
	if errors.As(err, &p) && p.Status == http.StatusForbidden {
		return &hintError{err, "set PREVIEW_TOKEN to what `previewd token --admin` prints"}
	}
	return err
}

// aboutReceiver warns where nothing is sent at all.
func (a *app) aboutReceiver(r *client.Receiver) {
	s := a.styleFor(a.deps.Stderr)
	switch {
	case r == nil:
		fmt.Fprintf(a.deps.Stderr, "%s this previewd has no receiver: PREVIEW_WEBHOOK_URL is not set\n", s.yellow("note:"))
	case r.GoneAt != nil:
		fmt.Fprintf(a.deps.Stderr, "%s %s answered 410 Gone at %s, so nothing is sent; `previewd webhooks retry --all` tries again\n",
			s.yellow("note:"), clean(r.Origin, false), r.GoneAt.Local().Format(time.DateTime))
	}
}

func eventTable(out io.Writer, list []client.WebhookEvent, now time.Time) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tEVENT\tGENERATION\tSTATUS\tATTEMPTS\tAGE\tNEXT\tLAST ERROR")
	for _, e := range list {
		next, failure := "-", "-"
		if e.NextAttemptAt != nil {
			next = age(e.NextAttemptAt.Sub(now))
		}
		if e.Error != nil {
			failure = shorten(*e.Error)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", clean(e.ID, false), clean(string(e.Event), false), clean(e.GenerationID, false),
			clean(string(e.Status), false), e.Attempts, age(now.Sub(e.Timestamp)), next, clean(failure, false))
	}
	return w.Flush()
}

// shorten keeps a table readable; --json has the whole of it.
func shorten(text string) string {
	const most = 60
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return strings.TrimSpace(string(runes[:most])) + "…"
}
