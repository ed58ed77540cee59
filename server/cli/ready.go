package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

func (a *app) readyCommand() *cobra.Command {
	wait := 2 * time.Second
	cmd := &cobra.Command{
		Use:   "ready",
		Short: "Wait until previewd is ready, as a container's health check does",
		Args:  exactly(0),
		RunE:  func(cmd *cobra.Command, _ []string) error { return a.ready(cmd.Context(), wait) },
	}
	cmd.Flags().DurationVar(&wait, "timeout", wait, "how long to wait")
	return a.clientFlags(cmd)
}

func (a *app) ready(ctx context.Context, wait time.Duration) error {
	c, err := a.client()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	if err := c.Ready(ctx, a.deps.Poll); err != nil {
		return err
	}
	if a.json {
		a.encode(a.deps.Stdout, map[string]bool{"ready": true})
		return nil
	}
	fmt.Fprintln(a.deps.Stdout, "ready")
	return nil
}
