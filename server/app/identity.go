package app

import (
	"errors"

	"previewd/server/auth"
)

// verifier tells whose a token is. The key set of an identity provider is fetched in the background: previewd starts without
// it, and says in /readyz that it does.
func (a *App) verifier() (*auth.Verifier, error) {
	c := a.Config
	secrets, err := auth.ParseSecrets(string(c.JWTSecret))
	if err != nil && !errors.Is(err, auth.ErrNoSecret) {
		return nil, err
	}
	if c.JWKSURL != "" && !c.Insecure {
		a.keys = auth.NewJWKS(auth.JWKSOptions{URL: c.JWKSURL, Log: a.component("auth")})
		a.stack.Go("token keys", loopEnd, a.keys.Run)
	}
	return auth.NewVerifier(auth.Options{
		Secrets: secrets, Keys: a.keys, Issuer: c.JWTIssuer, Audience: c.JWTAudience, Insecure: c.Insecure,
	})
}
