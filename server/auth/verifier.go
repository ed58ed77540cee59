package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"
)

const (
	algorithm    = "HS256"
	leeway       = 30 * time.Second // clocks differ
	maxToken     = 8 << 10          // bytes
	maxSubject   = 255              // bytes
	adminScope   = "admin"
	insecureUser = "dev"
)

// ErrInvalidToken says that a token does not prove who its bearer is. The text wrapped around it is for the
// log; a caller is told no more than that.
var ErrInvalidToken = errors.New("invalid token")

// Options of a Verifier.
type Options struct {
	Secrets  [][]byte         // HS256, all of them accepted
	Insecure bool             // everybody is the user dev, tokens are not looked at
	Now      func() time.Time // nil is time.Now
}

// Verifier checks tokens.
type Verifier struct {
	keys     jwt.VerificationKeySet
	parser   *jwt.Parser
	insecure bool
}

// NewVerifier returns a Verifier. It fails with ErrNoSecret when nothing could ever be verified.
func NewVerifier(o Options) (*Verifier, error) {
	if len(o.Secrets) == 0 && !o.Insecure {
		return nil, ErrNoSecret
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	v := &Verifier{insecure: o.Insecure, parser: jwt.NewParser(
		jwt.WithValidMethods([]string{algorithm}),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithLeeway(leeway),
		jwt.WithTimeFunc(o.Now),
	)}
	for _, secret := range o.Secrets {
		v.keys.Keys = append(v.keys.Keys, secret)
	}
	return v, nil
}

// Insecure reports whether everybody is let in.
func (v *Verifier) Insecure() bool { return v.insecure }

// Verify returns the bearer of a JSON Web Token (RFC 7519), or an error that wraps ErrInvalidToken.
func (v *Verifier) Verify(token string) (Identity, error) {
	if v.insecure {
		return Identity{User: insecureUser}, nil
	}
	if token == "" || len(token) > maxToken {
		return Identity{}, fmt.Errorf("%w: empty or longer than %d bytes", ErrInvalidToken, maxToken)
	}
	var c claims
	if _, err := v.parser.ParseWithClaims(token, &c, v.keyFor); err != nil {
		return Identity{}, fmt.Errorf("%w: %w", ErrInvalidToken, err)
	}
	if !validSubject(c.Subject) {
		return Identity{}, fmt.Errorf("%w: sub is missing, too long or not printable", ErrInvalidToken)
	}
	return Identity{User: c.Subject, Admin: slices.Contains(c.Scope, adminScope)}, nil
}

func (v *Verifier) keyFor(*jwt.Token) (any, error) { return v.keys, nil }

// claims are what previewd reads of a token.
type claims struct {
	jwt.RegisteredClaims
	Scope scopes `json:"scope,omitempty"`
}

// scopes is the space-separated list of RFC 8693, section 4.2.
type scopes []string

// MarshalJSON writes the list as one string.
func (s scopes) MarshalJSON() ([]byte, error) { return json.Marshal(strings.Join(s, " ")) }

// UnmarshalJSON reads the string. Issuers that put something else there grant no scope.
func (s *scopes) UnmarshalJSON(data []byte) error {
	var list string
	if json.Unmarshal(data, &list) == nil {
		*s = strings.Fields(list)
	}
	return nil
}

func validSubject(sub string) bool {
	unprintable := func(r rune) bool { return !unicode.IsPrint(r) }
	return sub != "" && len(sub) <= maxSubject && utf8.ValidString(sub) && !strings.ContainsFunc(sub, unprintable)
}
