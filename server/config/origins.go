package config

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// AnyOrigin stands for all of them.
const AnyOrigin = "*"

// Origins lists whose pages may use the API from a browser.
func (c Config) Origins() []string {
	return strings.FieldsFunc(c.CORSOrigins, func(r rune) bool { return r == ',' || r == ' ' })
}

// originsValid reports whether each is * or an origin as a browser would send it (RFC 6454, section 6.2): one that is written
// in another way would never match.
func originsValid(origins []string) bool {
	return !slices.ContainsFunc(origins, func(origin string) bool { return origin != AnyOrigin && !isOrigin(origin) })
}

func isOrigin(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !isHost(u.Hostname()) {
		return false
	}
	usual := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	host := u.Hostname()
	if addr, err := netip.ParseAddr(host); err == nil && addr.Is6() {
		host = "[" + addr.String() + "]"
	}
	if port := u.Port(); port != "" {
		number, err := strconv.ParseUint(port, 10, 16)
		if err != nil || port == usual || port != strconv.FormatUint(number, 10) {
			return false
		}
		host += ":" + port
	}
	return origin == strings.ToLower(u.Scheme+"://"+host)
}

// originProblems keeps the doors shut that are open to browsers where no token is asked for. An origin that is allowed may act as
// the user there.
func originProblems(c Config, known Problems) Problems {
	variable := Prefix + "CORS_ORIGINS"
	if !c.Insecure || known.names(variable) {
		return nil
	}
	var problems Problems
	for _, origin := range c.Origins() {
		switch {
		case origin == AnyOrigin:
			problems = append(problems, Problem{variable, origin, "origins by name while " + Prefix + "INSECURE is set: every page in a browser here could act as you"})
		case previewOrigin(c, origin):
			problems = append(problems, Problem{variable, origin, "no preview's own address while " + Prefix + "INSECURE is set: generated code could act as you"})
		}
	}
	return problems
}

// previewOrigin reports whether a preview may be found at the origin.
func previewOrigin(c Config, origin string) bool {
	u, err := url.Parse(origin)
	if err != nil {
		return false
	}
	port, err := strconv.Atoi(u.Port())
	return err == nil && c.PortMin <= port && port <= c.PortMax || strings.HasSuffix(u.Hostname(), "."+strings.ToLower(c.BaseDomain))
}
