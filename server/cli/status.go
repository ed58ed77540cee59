package cli

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"previewd/runtime/preview"
	"previewd/server/client"
)

func (a *app) statusCommand() *cobra.Command {
	return a.clientFlags(&cobra.Command{
		Use:   "status ID",
		Short: "Show a preview; ID is a generation's id or the beginning of one",
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
			if a.json {
				a.encode(a.deps.Stdout, s)
				return nil
			}
			return describe(a.deps.Stdout, s)
		},
	})
}

func describe(out io.Writer, s client.Status) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, clean(value, false))
		}
	}
	row("generation", s.GenerationID)
	row("preview", s.ID)
	row("status", string(s.Status))
	if s.Status == preview.Starting {
		row("phase", string(s.Phase))
	}
	row("reason", string(s.Reason))
	row("message", s.Message)
	row("hint", s.Hint)
	if s.ExitCode != nil {
		row("exit code", fmt.Sprint(*s.ExitCode))
	}
	row("framework", s.Framework)
	if s.Status.Active() {
		describeUse(row, s)
	}
	return w.Flush()
}

func describeUse(row func(name, value string), s client.Status) {
	row("url", s.BaseURL)
	row("health", string(s.Health))
	row("uptime", (time.Duration(s.UptimeSeconds) * time.Second).String())
	row("memory", fmt.Sprintf("%.0f of %.0f MB", s.MemoryUsageMB, s.MemoryLimitMB))
	row("cpu", fmt.Sprintf("%.0f %%", s.CPUPercent))
	if s.ExpiresAt != nil {
		row("expires", s.ExpiresAt.Local().Format(time.DateTime))
	}
}
