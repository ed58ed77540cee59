package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
)

func (a *app) serveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Run the service",
		Long: "Runs the service until it is interrupted. All settings are PREVIEW_ environment variables. It asks for PREVIEW_JWT_SECRET,\n" +
			"PREVIEW_JWKS_URL or PREVIEW_INSECURE=1; `previewd dev DIR` needs no setting at all.",
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context()) },
	}
}

func (a *app) serve(ctx context.Context) error {
	if a.deps.Serve == nil {
		return errNoService
	}
	return listenHint(a.deps.Serve(ctx, ServeOptions{Environ: a.deps.Environ}))
}

var errNoService = errors.New("this program was built without the service")
