package gateway

import (
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"previewd/runtime/preview"
)

// Base is where the previews' host names are, as browsers see them.
type Base struct {
	Scheme string // http or https
	Domain string // such as preview.localhost
	Port   int    // as in addresses; 0, or the scheme's own, is left out of them
}

// label is what storage makes for a generation.
var label = regexp.MustCompile(`^p[0-9a-f]{32}$`)

// Origin is that of a preview, without a slash at the end.
func (b Base) Origin(p preview.Preview) string {
	host := p.Host + "." + b.Domain
	if b.Port != 0 && b.Port != usualPort(b.Scheme) {
		host = net.JoinHostPort(host, strconv.Itoa(b.Port))
	}
	return b.Scheme + "://" + host
}

// Address is what to open in a browser that was let in before, and With for one that shows a token first.
func (b Base) Address(p preview.Preview) string { return b.Origin(p) + "/" }

// With is the address with a session token or a share's, which the gateway takes out again.
func (b Base) With(p preview.Preview, token string) string {
	return b.Address(p) + "?" + queryName + "=" + url.QueryEscape(token)
}

func usualPort(scheme string) int {
	if scheme == "https" {
		return 443
	}
	return 80
}

// under splits a Host header below the base domain. ok is false for all other hosts, the base domain itself among them.
func (b Base) under(host string) (first string, ok bool) {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return strings.CutSuffix(host, "."+strings.ToLower(b.Domain))
}

// trustworthy reports whether browsers take Secure cookies from the base domain: over https, and from this machine's own names
// (Secure Contexts, section 3.1).
func (b Base) trustworthy(scheme string) bool {
	domain := strings.ToLower(b.Domain)
	return scheme == "https" || domain == "localhost" || strings.HasSuffix(domain, ".localhost")
}

// Links makes addresses of previews for the API.
type Links struct {
	Base
	keys keys
}

// NewLinks returns Links whose shares are sealed with the secret of the installation.
func NewLinks(base Base, secret []byte) Links { return Links{base, newKeys(secret)} }

// Shared is an address that opens the preview until a time, whoever has it.
func (l Links) Shared(p preview.Preview, until time.Time) string {
	return l.With(p, sharePrefix+l.keys.seal(forLinks, grant{kind: share, preview: p.ID, until: until}, p))
}
