package cli

import (
	"cmp"
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

func (a *app) tokenCommand() *cobra.Command {
	var (
		sub, issuer, audience string
		ttl                   time.Duration
		admin                 bool
	)
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Mint a token for development",
		Long: "Signs a JSON Web Token (HS256) with the first secret of PREVIEW_JWT_SECRET or PREVIEW_JWT_SECRET_FILE or, where neither is set,\n" +
			"with the secret that `previewd dev` keeps in the data folder.",
		Args: exactly(0),
		RunE: func(*cobra.Command, []string) error {
			own, err := a.localSigner()
			if err != nil {
				return err
			}
			if own == nil {
				return &usageError{"there is no secret to sign with", "set PREVIEW_JWT_SECRET to the server's secret"}
			}
			own.issuer, own.audience = cmp.Or(issuer, own.issuer), cmp.Or(audience, own.audience)
			token, err := own.mint(sub, ttl, admin)
			if err != nil {
				return &usageError{err.Error(), "see previewd token --help"}
			}
			a.printToken(token, time.Now().Add(ttl))
			return nil
		},
	}
	cmd.Flags().StringVar(&sub, "sub", devUser, "user the token is for")
	cmd.Flags().StringVar(&issuer, "issuer", "", "who issues it (default $PREVIEW_JWT_ISSUER)")
	cmd.Flags().StringVar(&audience, "audience", "", "whom it is meant for (default $PREVIEW_JWT_AUDIENCE)")
	cmd.Flags().DurationVar(&ttl, "ttl", 12*time.Hour, "how long it is valid")
	cmd.Flags().BoolVar(&admin, "admin", false, "let it see and handle everybody's generations")
	return a.jsonFlag(cmd)
}

func (a *app) printToken(token string, expiry time.Time) {
	if a.json {
		a.encode(a.deps.Stdout, map[string]any{"token": token, "expires_at": expiry.UTC().Truncate(time.Second)})
		return
	}
	fmt.Fprintln(a.deps.Stdout, token)
}
