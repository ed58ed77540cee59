package webhook

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Endpoint is the URL of a receiver. Its path and its query may hold secrets: it is not printed.
type Endpoint struct {
	url     *url.URL
	private bool // it may be on a private network
}

// ParseEndpoint checks the URL of a receiver. Private ones, and those without TLS, need private. The errors say what
// is wrong with the URL and hold no part of it.
func ParseEndpoint(raw string, private bool) (Endpoint, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return Endpoint{}, errors.New("it cannot be parsed")
	case u.Scheme == "http" && !private:
		return Endpoint{}, errors.New("it is http://")
	case u.Scheme != "https" && u.Scheme != "http":
		return Endpoint{}, errors.New("it does not begin with https://")
	case u.Hostname() == "":
		return Endpoint{}, errors.New("it names no host")
	case u.User != nil:
		return Endpoint{}, errors.New("it holds user info; put a secret into the path or the query")
	case u.Fragment != "":
		return Endpoint{}, errors.New("it has a fragment, which is never sent")
	case !isPort(u.Port()):
		return Endpoint{}, errors.New("its port is none")
	case !private && isPrivateHost(u.Hostname()):
		return Endpoint{}, errors.New("its host is this machine or on a private network")
	}
	return Endpoint{url: u, private: private}, nil
}

func isPort(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return text == "" || err == nil && n > 0
}

// isPrivateHost catches what can be told without a look-up. The rest is noticed when it is dialled.
func isPrivateHost(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && publicOnly().SafeAddr(addr) != nil
}

// Origin is the part of the URL that may be shown.
func (e Endpoint) Origin() string { return e.url.Scheme + "://" + e.url.Host }

// Digest names the URL without telling it.
func (e Endpoint) Digest() string {
	sum := sha256.Sum256([]byte(e.url.String()))
	return hex.EncodeToString(sum[:])
}
