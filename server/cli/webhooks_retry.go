package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"previewd/runtime/preview"
	"previewd/server/client"
)

func (a *app) webhooksRetryCommand() *cobra.Command {
	all := false
	cmd := &cobra.Command{
		Use:   "retry ID | --all",
		Short: "Send an event again, whatever became of it, or all that are dead",
		Long: "Sends an event again with the same webhook-id. It has all its attempts before it then. A receiver that answered 410 Gone counts\n" +
			"as back.",
		Args: func(cmd *cobra.Command, args []string) error {
			if all == (len(args) == 1) || len(args) > 1 {
				return &usageError{"want the id of one event, or --all", "usage: " + cmd.UseLine()}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.adminClient()
			if err != nil {
				return err
			}
			if all {
				return a.retryDead(cmd, c)
			}
			return a.retryOne(cmd, c, args[0])
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "send all that are dead")
	return a.clientFlags(cmd)
}

func (a *app) retryDead(cmd *cobra.Command, c *client.Client) error {
	n, err := c.RetryDeadWebhookEvents(cmd.Context())
	if err != nil {
		return adminHint(err)
	}
	if a.json {
		a.encode(a.deps.Stdout, map[string]int64{"retried": n})
		return nil
	}
	fmt.Fprintf(a.deps.Stdout, "%d events are sent again\n", n)
	return nil
}

func (a *app) retryOne(cmd *cobra.Command, c *client.Client, id string) error {
	if !preview.ValidID(id) {
		return &usageError{quote(id) + " is no event's id", "`previewd webhooks ls` shows them"}
	}
	e, err := c.RetryWebhookEvent(cmd.Context(), id)
	if exitCode(err) == ExitNotFound {
		return &hintError{err, "`previewd webhooks ls` shows what there is"}
	}
	if err != nil {
		return adminHint(err)
	}
	if a.json {
		a.encode(a.deps.Stdout, e)
		return nil
	}
	fmt.Fprintf(a.deps.Stdout, "%s of %s is sent again\n", clean(string(e.Event), false), clean(e.GenerationID, false))
	return nil
}
