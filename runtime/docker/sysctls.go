package docker

import "os"

// ipv6Loopback exists wherever the kernel speaks IPv6.
const ipv6Loopback = "net.ipv6.conf.lo.disable_ipv6"

// sysctls gives instances ::1, which the engine takes away on networks without IPv6: apps may listen there only. No
// other interface speaks IPv6, because a bridge's rules are IPv4's.
func sysctls() map[string]string {
	if _, err := os.Stat("/proc/sys/net/ipv6"); err != nil {
		return nil // a kernel without IPv6 refuses the name
	}
	return map[string]string{ipv6Loopback: "0"}
}
