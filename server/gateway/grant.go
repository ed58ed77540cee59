package gateway

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"previewd/runtime/preview"
	"previewd/server/auth"
)

// kind says what a visitor showed at first.
type kind byte

const (
	session kind = 1 // the session token: who has it may see the log, too
	share   kind = 2 // a link
)

// What a grant is sealed for is part of the seal, so that a cookie is no link and a link no cookie.
type purpose string

const (
	forCookies purpose = "previewd cookie 1"
	forLinks   purpose = "previewd link 1"
)

// sharePrefix begins the token of a link.
const sharePrefix = "share_"

// grant lets a browser in to one preview.
type grant struct {
	kind    kind
	framed  bool      // shown within a page of another site, in whose partition of the cookies it lives
	until   time.Time // of a share; a session's end is the preview's row's
	preview string    // its id
}

// The form of a grant: the fixed part, the preview's id, and the seal.
const (
	fixedSize = 1 + 1 + 8
	maxGrant  = 256 // characters, sealed
)

func (g grant) bytes() []byte {
	b := make([]byte, fixedSize, fixedSize+len(g.preview)+sha256.Size)
	b[0] = byte(g.kind)
	if g.framed {
		b[1] = 1
	}
	if !g.until.IsZero() {
		binary.BigEndian.PutUint64(b[2:], uint64(g.until.Unix())) //nolint:gosec // of this century
	}
	return append(b, g.preview...)
}

func parseGrant(b []byte) (g grant, ok bool) {
	if len(b) <= fixedSize || b[1] > 1 {
		return grant{}, false
	}
	g = grant{kind: kind(b[0]), framed: b[1] == 1, preview: string(b[fixedSize:])}
	if at := binary.BigEndian.Uint64(b[2:]); at != 0 {
		g.until = time.Unix(int64(at), 0) //nolint:gosec // what is sealed was made here
	}
	return g, g.kind == session || g.kind == share
}

// holds reports whether the grant still opens a preview, which is as storage knows it now.
func (g grant) holds(p preview.Preview, now time.Time) bool {
	if g.preview != p.ID {
		return false
	}
	if g.kind == share {
		return now.Before(g.until)
	}
	return now.Before(p.TokenExpiry)
}

// keys seal grants.
type keys struct{ secret []byte }

func newKeys(secret []byte) keys { return keys{secret} }

// bound is what a grant ends with before its time: a session's with the hash of its token, when that is replaced, and a link's with the
// round in which it was made, when all are taken back.
func (g grant) bound(p preview.Preview) []byte {
	switch {
	case g.kind == session:
		return p.SessionTokenHash
	case p.ShareRound == 0:
		return nil
	}
	return binary.BigEndian.AppendUint64(nil, uint64(p.ShareRound)) //nolint:gosec // it counts up from 0
}

// seal returns the grant to a preview as text that nobody else can make.
func (k keys) seal(use purpose, g grant, p preview.Preview) string {
	body := g.bytes()
	return base64.RawURLEncoding.EncodeToString(append(body, k.mac(use, body, g.bound(p))...))
}

func (k keys) mac(use purpose, body, bound []byte) []byte {
	h := hmac.New(sha256.New, k.secret)
	h.Write([]byte(use))
	h.Write([]byte{0, byte(len(body))}) // what follows is split in one way only
	h.Write(body)
	h.Write(bound)
	return h.Sum(nil)
}

// unseal returns a grant that holds for the preview.
func (k keys) unseal(use purpose, text string, p preview.Preview, now time.Time) (grant, bool) {
	if len(text) > maxGrant {
		return grant{}, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) <= sha256.Size {
		return grant{}, false
	}
	body, seal := raw[:len(raw)-sha256.Size], raw[len(raw)-sha256.Size:]
	g, ok := parseGrant(body)
	if !ok || !g.holds(p, now) {
		return grant{}, false
	}
	return g, hmac.Equal(seal, k.mac(use, body, g.bound(p)))
}

// admit judges a token: the preview's session token, or that of a link.
func (k keys) admit(token string, p preview.Preview, now time.Time) (grant, bool) {
	if sealed, isShare := strings.CutPrefix(token, sharePrefix); isShare {
		g, ok := k.unseal(forLinks, sealed, p, now)
		return g, ok && g.kind == share
	}
	return grant{kind: session, preview: p.ID}, auth.SessionOpens(token, p, now)
}
