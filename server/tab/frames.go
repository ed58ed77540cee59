package tab

import "net"

// Frames are where previews are found: under names below the base domain, on whatever port and behind TLS or not, and on the
// ports of the address they are published on. A name of its own for the service leads to those ports as well.
func Frames(baseDomain, bindAddr string) []string {
	domain, direct := "*."+baseDomain+":*", net.JoinHostPort(bindAddr, "*")
	return []string{"http://" + domain, "https://" + domain, "http://" + direct}
}
