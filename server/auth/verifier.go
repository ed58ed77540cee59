package auth

import (
	"context"
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
	hmacAlg      = "HS256"
	leeway       = 30 * time.Second // clocks differ
	maxToken     = 8 << 10          // bytes
	maxSubject   = 255              // bytes
	adminScope   = "admin"
	insecureUser = "dev"
)

// ErrInvalidToken says that a token does not prove who its bearer is. The text wrapped around it is for the
// log; a caller is told no more than that.
var ErrInvalidToken = errors.New("invalid token")

var (
	errCritical = errors.New("the token has critical extensions, of which none is known here") // RFC 7515, section 4.1.11
	errKeyID    = errors.New("the token's kid is no text")
)

// ErrNoKeys says that nothing could ever be verified.
var ErrNoKeys = errors.New("neither a secret nor a key set is given")

// Options of a Verifier.
type Options struct {
	Secrets  [][]byte         // HS256, all of them accepted
	Keys     *JWKS            // RS256, ES256 and EdDSA; nil accepts none of them
	Issuer   string           // a token's iss has to be it; "" does not look
	Audience string           // a token's aud has to hold it; "" does not look
	Insecure bool             // everybody is the user dev, tokens are not looked at
	Now      func() time.Time // nil is time.Now
}

// Verifier checks tokens.
type Verifier struct {
	secrets  jwt.VerificationKeySet
	keys     *JWKS
	parser   *jwt.Parser
	insecure bool
}

// NewVerifier returns a Verifier. It fails with ErrNoKeys when nothing could ever be verified.
func NewVerifier(o Options) (*Verifier, error) {
	if len(o.Secrets) == 0 && o.Keys == nil && !o.Insecure {
		return nil, ErrNoKeys
	}
	v := &Verifier{keys: o.Keys, insecure: o.Insecure, parser: newParser(o)}
	for _, secret := range o.Secrets {
		v.secrets.Keys = append(v.secrets.Keys, secret)
	}
	return v, nil
}

func newParser(o Options) *jwt.Parser {
	if o.Now == nil {
		o.Now = time.Now
	}
	var algorithms []string
	if len(o.Secrets) > 0 {
		algorithms = append(algorithms, hmacAlg)
	}
	if o.Keys != nil {
		algorithms = append(algorithms, "RS256", "ES256", "EdDSA")
	}
	options := []jwt.ParserOption{
		jwt.WithValidMethods(algorithms), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(leeway), jwt.WithTimeFunc(o.Now),
	}
	if o.Issuer != "" {
		options = append(options, jwt.WithIssuer(o.Issuer))
	}
	if o.Audience != "" {
		options = append(options, jwt.WithAudience(o.Audience))
	}
	return jwt.NewParser(options...)
}

// Insecure reports whether everybody is let in.
func (v *Verifier) Insecure() bool { return v.insecure }

// Verify returns the bearer of a JSON Web Token (RFC 7519). The error wraps ErrInvalidToken, or ErrKeysUnavailable as well when the
// token may be good. It fetches keys when the token names one that is not known.
func (v *Verifier) Verify(ctx context.Context, token string) (Identity, error) {
	if v.insecure {
		return Identity{User: insecureUser}, nil
	}
	if token == "" || len(token) > maxToken {
		return Identity{}, fmt.Errorf("%w: empty or longer than %d bytes", ErrInvalidToken, maxToken)
	}
	var c claims
	if _, err := v.parser.ParseWithClaims(token, &c, v.keyFor(ctx)); err != nil {
		return Identity{}, fmt.Errorf("%w: %w", ErrInvalidToken, err)
	}
	if !validSubject(c.Subject) {
		return Identity{}, fmt.Errorf("%w: sub is missing, too long or not printable", ErrInvalidToken)
	}
	return Identity{User: c.Subject, Admin: slices.Contains(c.Scope, adminScope)}, nil
}

// keyFor finds what verifies a token. A secret is never looked for among public keys, nor the other way around: a public key
// that is taken for a secret lets anybody sign.
func (v *Verifier) keyFor(ctx context.Context) jwt.Keyfunc {
	return func(t *jwt.Token) (any, error) {
		if _, critical := t.Header["crit"]; critical {
			return nil, errCritical
		}
		id, isText := t.Header["kid"].(string)
		if _, given := t.Header["kid"]; given && !isText {
			return nil, errKeyID
		}
		if t.Method.Alg() != hmacAlg {
			return v.keys.key(ctx, t.Method.Alg(), id)
		}
		if v.keys != nil && id != "" && v.keys.known().holds(id) {
			return nil, errWrongKey
		}
		return v.secrets, nil
	}
}

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
