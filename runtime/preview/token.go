package preview

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// NewSessionToken returns a fresh session token, "sess_" and 256 random bits in base64url, and the hash to store.
func NewSessionToken() (token string, hash []byte) {
	var b [32]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails: it ends the program instead
	token = "sess_" + base64.RawURLEncoding.EncodeToString(b[:])
	return token, HashSessionToken(token)
}

// HashSessionToken returns the SHA-256 of the token: all that is kept of it.
func HashSessionToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
