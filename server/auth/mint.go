package auth

import (
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// MintOption adds to a token.
type MintOption func(*jwt.RegisteredClaims)

// Between names who issues the token and for whom; "" leaves one out.
func Between(issuer, audience string) MintOption {
	return func(c *jwt.RegisteredClaims) {
		c.Issuer = issuer
		if audience != "" {
			c.Audience = jwt.ClaimStrings{audience}
		}
	}
}

// Mint signs a token for development: sub is the user, valid for ttl from now.
func Mint(secret []byte, sub string, ttl time.Duration, admin bool, more ...MintOption) (string, error) {
	switch {
	case len(secret) < MinSecretBytes:
		return "", fmt.Errorf("secret has fewer than %d bytes", MinSecretBytes)
	case !validSubject(sub):
		return "", fmt.Errorf("user must be 1-%d printable bytes", maxSubject)
	case ttl <= 0:
		return "", errors.New("lifetime must be positive")
	}
	now := time.Now()
	c := claims{RegisteredClaims: jwt.RegisteredClaims{
		Subject:   sub,
		IssuedAt:  jwt.NewNumericDate(now),
		ExpiresAt: jwt.NewNumericDate(now.Add(ttl)),
	}}
	for _, add := range more {
		add(&c.RegisteredClaims)
	}
	if admin {
		c.Scope = scopes{adminScope}
	}
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(secret)
}
