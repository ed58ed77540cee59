package auth

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/MicahParks/jwkset"
)

const (
	minRSABits = 2048 // RFC 7518, section 3.3
	maxKeys    = 100
)

var (
	errUnknownKey = errors.New("no key of the set has the token's kid")
	errWrongKey   = errors.New("the key with the token's kid is for another algorithm")
	errNoKeyID    = errors.New("the token has no kid and the set has more than one key it could mean")
	errNoKeySet   = errors.New("not a JSON Web Key Set: it has no member keys")
)

// keyName finds a key. The algorithm is part of it, pinned by the key's own type: what a key was made for, and not what a token
// claims, decides how it is used.
type keyName struct{ algorithm, id string }

// keySet is the keys of a JSON Web Key Set (RFC 7517) that verify signatures by an algorithm previewd accepts.
type keySet map[keyName]any

// String says how many keys there are.
func (s keySet) String() string {
	if len(s) == 1 {
		return "1 key"
	}
	return fmt.Sprintf("%d keys", len(s))
}

// parseKeySet reads a set and skips keys that are of no use here: encryption keys, symmetric ones, other algorithms and what is
// broken, so that one of them does not take the others along.
func parseKeySet(document []byte) (set keySet, skipped int, err error) {
	var raw struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(document, &raw); err != nil {
		return nil, 0, fmt.Errorf("not a JSON Web Key Set: %w", err)
	}
	if raw.Keys == nil {
		return nil, 0, errNoKeySet
	}
	if len(raw.Keys) > maxKeys {
		return nil, 0, fmt.Errorf("key set has %d keys, more than %d", len(raw.Keys), maxKeys)
	}
	set = keySet{}
	for _, one := range raw.Keys {
		name, key := parseKey(one)
		if _, taken := set[name]; key == nil || taken {
			skipped++
			continue
		}
		set[name] = key
	}
	return set, skipped, nil
}

// parseKey returns nil for a key that is of no use here.
func parseKey(document []byte) (keyName, any) {
	var m jwkset.JWKMarshal
	if json.Unmarshal(document, &m) != nil {
		return keyName{}, nil
	}
	// Certificates say nothing that matters here: whom to trust is decided by where the set comes from.
	m.X5C, m.X5T, m.X5TS256, m.X5U = nil, "", "", ""
	jwk, err := jwkset.NewJWKFromMarshal(m, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
	if err != nil || !verifies(m) {
		return keyName{}, nil
	}
	name := keyName{algorithmOf(jwk.Key()), m.KID}
	if name.algorithm == "" || m.ALG != "" && m.ALG.String() != name.algorithm {
		return keyName{}, nil
	}
	return name, jwk.Key()
}

// verifies reports whether the key's owner lets it verify signatures (RFC 7517, sections 4.2 and 4.3).
func verifies(m jwkset.JWKMarshal) bool {
	return (m.USE == "" || m.USE == jwkset.UseSig) && (len(m.KEYOPS) == 0 || slices.Contains(m.KEYOPS, jwkset.KeyOpsVerify))
}

// algorithmOf is the one algorithm that a key of this type is accepted for, "" for none.
func algorithmOf(key any) string {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() >= minRSABits {
			return "RS256"
		}
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() {
			return "ES256"
		}
	case ed25519.PublicKey:
		return "EdDSA"
	}
	return ""
}

// find returns the key that a token of this algorithm and key id names. Without an id it is the only one for the algorithm.
func (s keySet) find(algorithm, id string) (any, error) {
	if key := s[keyName{algorithm, id}]; key != nil {
		return key, nil
	}
	if id != "" {
		if s.holds(id) {
			return nil, errWrongKey
		}
		return nil, errUnknownKey
	}
	var only any
	for name, key := range s {
		if name.algorithm == algorithm && only != nil {
			return nil, errNoKeyID
		}
		if name.algorithm == algorithm {
			only = key
		}
	}
	if only == nil {
		return nil, errUnknownKey
	}
	return only, nil
}

func (s keySet) holds(id string) bool {
	for name := range s {
		if name.id == id {
			return true
		}
	}
	return false
}
