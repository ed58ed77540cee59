package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) stopCommand() *cobra.Command {
	return a.clientFlags(&cobra.Command{
		Use:   "stop ID",
		Short: "Stop a preview; ID is a generation's id or the beginning of one",
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
			if err := c.Stop(cmd.Context(), s.GenerationID); err != nil {
				return err
			}
			if a.json {
				a.encode(a.deps.Stdout, map[string]string{"generation_id": s.GenerationID, "status": "stopped"})
				return nil
			}
			fmt.Fprintf(a.deps.Stdout, "stopped %s\n", clean(s.GenerationID, false))
			return nil
		},
	})
}
