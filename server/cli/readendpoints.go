package cli

import (
	"os"

	"github.com/spf13/cobra"

	"previewd/runtime/endpoints/worker"
)

// readEndpointsCommand is the process that the service reads what strangers wrote in. It is of no use by hand.
func (a *app) readEndpointsCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "read-endpoints " + worker.Source + "|" + worker.Document,
		Short:  "Read a generation's archive or an OpenAPI document from the standard input",
		Hidden: true,
		Args:   exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return worker.Main(cmd.Context(), args[0], os.Stdin, a.deps.Stdout)
		},
	}
}
