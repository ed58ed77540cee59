package docker

import (
	"os"
	"path/filepath"
)

// neighbourRetry is how long the host waits before it asks again for an instance's hardware address, in milliseconds.
// The engine's proxy accepts connections to a published port before the instance has its interface. Whoever comes so
// early asks in vain, and by the kernel's default the next question, and with it every connection, waits for a whole
// second: a client that polls the port from the launch on made the app's first answer come after 1,070 ms, not 550.
const neighbourRetry = "40" // a multiple of 4 and 10, in which kernels count

// hastenNeighbours sets it for a bridge. Without the right to, or with the engine elsewhere, all works but that.
func (b *Backend) hastenNeighbours(bridge string) {
	path := filepath.Join("/proc/sys/net/ipv4/neigh", bridge, "retrans_time_ms")
	if err := os.WriteFile(path, []byte(neighbourRetry), 0); err != nil {
		b.log.WithError(err).Debug("clients that poll a port before its instance runs will wait a second")
	}
}
