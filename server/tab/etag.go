package tab

import (
	"crypto/sha256"
	"encoding/hex"
)

// etag names a content (RFC 9110, section 8.8.3).
func etag(content []byte) string {
	sum := sha256.Sum256(content)
	return `"` + hex.EncodeToString(sum[:8]) + `"`
}
