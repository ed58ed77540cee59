package firewall

import "net/netip"

// comment marks the rules that stand in chains which are not ours.
const comment = "previewd"

// closedRanges are never reachable from an instance: this network, private, carrier-grade NAT, loopback,
// link-local (the cloud's metadata), benchmark, multicast, reserved and broadcast addresses (RFC 6890).
// Documentation ranges stay open: some networks use them as public ones.
var closedRanges = []string{
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
	"192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
}

// forwardChain and inputChain name a bridge's own chains (at most 28 characters).
func forwardChain(iface string) string { return "PVD-F-" + iface }
func inputChain(iface string) string   { return "PVD-I-" + iface }

func chains(b Bridge) []string { return []string{forwardChain(b.Interface), inputChain(b.Interface)} }

// jump is the rule that leads into one of a bridge's chains.
func jump(from, iface, chain string) string {
	return from + " -i " + iface + " -m comment --comment " + comment + " -j " + chain
}

// rulesV4 are the rules of a bridge's two chains. What an instance answers is let through; all the rest of what
// it sends is new, or belongs to nothing.
func rulesV4(b Bridge, nameservers []netip.Addr) []string {
	forward, input := forwardChain(b.Interface), inputChain(b.Interface)
	rules := []string{answers(forward), answers(input)}
	if b.Egress == Internet {
		rules = append(rules, dns(forward, nameservers)...)
		rules = append(rules, dns(input, nameservers)...)
		for _, r := range closedRanges {
			rules = append(rules, "-A "+forward+" -d "+r+" -j DROP")
		}
	} else {
		rules = append(rules, "-A "+forward+" -j DROP")
	}
	return append(rules, "-A "+input+" -j DROP")
}

// rulesV6 close a bridge: the networks have no IPv6, but an interface always has a link-local address.
func rulesV6(b Bridge) []string {
	return []string{"-A " + forwardChain(b.Interface) + " -j DROP", "-A " + inputChain(b.Interface) + " -j DROP"}
}

func answers(chain string) string {
	return "-A " + chain + " -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN"
}

// dns opens the name servers, which are often private addresses. Engines ask them on behalf of an instance from
// the instance's own network namespace, so the questions pass here.
func dns(chain string, nameservers []netip.Addr) []string {
	var rules []string
	for _, ns := range nameservers {
		for _, proto := range []string{"udp", "tcp"} {
			rules = append(rules, "-A "+chain+" -d "+ns.String()+" -p "+proto+" --dport 53 -j RETURN")
		}
	}
	return rules
}
