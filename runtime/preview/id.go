package preview

import (
	"crypto/rand"
	"fmt"
	"regexp"
)

var callerID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,128}$`)

// ValidID reports whether a caller-chosen id (generation or project) is 1-128 characters of A-Za-z0-9._-.
func ValidID(id string) bool { return callerID.MatchString(id) && id != "." && id != ".." }

// NewID returns a random preview id: a version 4 UUID (RFC 9562) in its 36-character form.
func NewID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails: it ends the program instead
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
