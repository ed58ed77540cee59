package firewall

import (
	"bufio"
	"net/netip"
	"os"
	"strings"
)

// nameservers returns the IPv4 name servers that instances are given: those of the first file that has one which
// is not a loopback address. A host's own resolver on loopback is asked by the engine itself, from the host.
func nameservers(files []string) []netip.Addr {
	for _, file := range files {
		if found := readNameservers(file); len(found) > 0 {
			return found
		}
	}
	return nil
}

func readNameservers(file string) []netip.Addr {
	f, err := os.Open(file)
	if err != nil {
		return nil // no such candidate
	}
	defer func() { _ = f.Close() }() // read only
	var found []netip.Addr
	for lines := bufio.NewScanner(f); lines.Scan(); {
		words := strings.Fields(lines.Text())
		if len(words) < 2 || words[0] != "nameserver" {
			continue
		}
		if a, err := netip.ParseAddr(words[1]); err == nil && a.Is4() && !a.IsLoopback() {
			found = append(found, a)
		}
	}
	return found
}
