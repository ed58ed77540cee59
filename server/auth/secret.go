package auth

import (
	"errors"
	"fmt"
	"strings"
)

// MinSecretBytes is the least length of an HS256 secret: that of the hash (RFC 7518, section 3.2).
const MinSecretBytes = 32

// ErrNoSecret says that a list of secrets is empty.
var ErrNoSecret = errors.New("no secret given")

// ParseSecrets splits a list separated by commas or newlines. The first secret signs, all of them verify.
// The errors do not hold any part of a secret.
func ParseSecrets(list string) ([][]byte, error) {
	split := func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }
	var secrets [][]byte
	for _, part := range strings.FieldsFunc(list, split) {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if len(part) < MinSecretBytes {
			return nil, fmt.Errorf("secret %d has %d bytes, fewer than %d", len(secrets)+1, len(part), MinSecretBytes)
		}
		secrets = append(secrets, []byte(part))
	}
	if len(secrets) == 0 {
		return nil, ErrNoSecret
	}
	return secrets, nil
}
