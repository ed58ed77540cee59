package config

import (
	"net/netip"
	"strings"
)

// Proxies are the networks of the trusted proxies, an address being one of its own; nil when one of them is none.
func (c Config) Proxies() []netip.Prefix {
	var all []netip.Prefix
	for given := range strings.FieldsFuncSeq(c.TrustedProxies, func(r rune) bool { return r == ',' || r == ' ' }) {
		prefix, ok := parseNetwork(given)
		if !ok {
			return nil
		}
		all = append(all, prefix)
	}
	return all
}

func parseNetwork(given string) (netip.Prefix, bool) {
	if prefix, err := netip.ParsePrefix(given); err == nil {
		return prefix.Masked(), true
	}
	addr, err := netip.ParseAddr(given)
	if err != nil || addr.Zone() != "" {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(addr, addr.BitLen()), true
}
