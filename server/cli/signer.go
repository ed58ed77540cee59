package cli

import (
	"errors"
	"io/fs"
	"time"

	"previewd/server/auth"
	"previewd/server/client"
	"previewd/server/config"
)

// signer makes the tokens that the previewd of this machine accepts.
type signer struct {
	secret           []byte
	issuer, audience string
}

func newSigner(secrets string, cfg config.Config) (*signer, error) {
	list, err := auth.ParseSecrets(secrets)
	if err != nil {
		return nil, err
	}
	return &signer{secret: list[0], issuer: cfg.JWTIssuer, audience: cfg.JWTAudience}, nil
}

// localSigner signs as this machine's previewd wants it; it is nil when this user may not know the secret.
func (a *app) localSigner() (*signer, error) {
	cfg, _, err := config.LoadTool(a.deps.Environ)
	if err != nil {
		return nil, err
	}
	secrets := string(cfg.JWTSecret)
	if secrets == "" {
		secrets, err = readDevSecret(cfg.DataDir)
	}
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return newSigner(secrets, cfg)
}

func (s *signer) mint(sub string, ttl time.Duration, admin bool) (string, error) {
	return auth.Mint(s.secret, sub, ttl, admin, auth.Between(s.issuer, s.audience))
}

// source mints a token for every request.
func (s *signer) source(admin bool) client.TokenSource {
	return func() (string, error) { return s.mint(devUser, askAgain, admin) }
}
