package webhook

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// SecretPrefix begins every secret, so that nobody takes it for something else.
const SecretPrefix = "whsec_"

// Bounds of a secret in bytes, as the scheme has them.
const (
	minSecret = 24
	maxSecret = 64
)

// ErrNoSecret says that a list of secrets is empty.
var ErrNoSecret = errors.New("no secret given")

// Signer signs with every one of its secrets, so that a receiver may know the old or the new one while they change.
type Signer struct{ keys []*standardwebhooks.Webhook }

// NewSigner reads secrets of the form whsec_<base64>, separated by commas or newlines. The errors do not hold any
// part of a secret.
func NewSigner(list string) (*Signer, error) {
	split := func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }
	s := &Signer{}
	for _, part := range strings.FieldsFunc(list, split) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		key, err := keyOf(part)
		if err != nil {
			return nil, fmt.Errorf("secret %d %w", len(s.keys)+1, err)
		}
		s.keys = append(s.keys, key)
	}
	if len(s.keys) == 0 {
		return nil, ErrNoSecret
	}
	return s, nil
}

func keyOf(secret string) (*standardwebhooks.Webhook, error) {
	encoded, ok := strings.CutPrefix(secret, SecretPrefix)
	if !ok {
		return nil, errors.New("does not begin with " + SecretPrefix)
	}
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, errors.New("is not base64 after " + SecretPrefix)
	}
	if len(raw) < minSecret || len(raw) > maxSecret {
		return nil, fmt.Errorf("has %d bytes, not %d to %d", len(raw), minSecret, maxSecret)
	}
	return standardwebhooks.NewWebhookRaw(raw)
}

// sign adds the headers of one attempt.
func (s *Signer) sign(h http.Header, id string, at time.Time, body []byte) error {
	signatures := make([]string, len(s.keys))
	for i, key := range s.keys {
		var err error
		if signatures[i], err = key.Sign(id, at, body); err != nil {
			return fmt.Errorf("sign webhook: %w", err)
		}
	}
	h.Set(standardwebhooks.HeaderWebhookID, id)
	h.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	h.Set(standardwebhooks.HeaderWebhookSignature, strings.Join(signatures, " "))
	return nil
}
