package gateway

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// via is what the gateway adds to requests (RFC 9110, section 7.6.3), and maxHops how often it may have done so.
const (
	via     = "1.1 previewd"
	maxHops = 4
)

// forward tells the app by which way the request came. What strangers say about that is dropped.
func (way *passage) forward(in, out http.Header) {
	for name := range out {
		if strings.HasPrefix(name, "X-Forwarded-") {
			delete(out, name)
		}
	}
	out.Del("X-Real-Ip")
	chain := way.peer
	if before := strings.Join(in["X-Forwarded-For"], ", "); way.trusted && before != "" {
		chain = before + ", " + way.peer
	}
	out["X-Forwarded-For"] = []string{chain}
	out["X-Forwarded-Host"] = []string{way.host}
	out["X-Forwarded-Proto"] = []string{way.scheme}
	out["Via"] = append(out["Via"], via)
}

// hops counts the gateway's own marks.
func hops(h http.Header) int {
	n := 0
	for _, line := range h["Via"] {
		n += strings.Count(line, via)
	}
	return n
}

// peer is who sent the request to previewd, and whether that is a trusted proxy.
func (g *Gateway) peer(r *http.Request) (address string, trusted bool) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	return host, g.trusts(host)
}

func (g *Gateway) trusts(host string) bool {
	if len(g.Proxies) == 0 {
		return false
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	addr = addr.Unmap().WithZone("")
	for _, prefix := range g.Proxies {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// scheme is the one that the browser used: what a trusted proxy says, else what is configured.
func (g *Gateway) scheme(r *http.Request) string {
	said := r.Header["X-Forwarded-Proto"]
	if len(said) == 1 && (said[0] == "http" || said[0] == "https") {
		if _, trusted := g.peer(r); trusted {
			return said[0]
		}
	}
	return g.Base.Scheme
}

// publicly spells the address of a redirect as the browser knows the app. Apps that know nothing of the TLS in front send it to http, and
// some to the port that they were told.
func (way *passage) publicly(location string) string {
	u, err := url.Parse(location)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return location
	}
	if strings.EqualFold(u.Hostname(), hostname(way.host)) && u.Scheme != way.scheme || way.isInside(u) {
		u.Scheme, u.Host = way.scheme, way.host
		return u.String()
	}
	return location
}

// isInside reports whether an address is the app's own as it sees itself.
func (way *passage) isInside(u *url.URL) bool {
	switch u.Hostname() {
	case "localhost", "127.0.0.1", "0.0.0.0", "::1":
		return u.Port() == portText(way.preview.Port)
	}
	return false
}

func hostname(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return hostport
}
