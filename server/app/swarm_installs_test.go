package app_test

import (
	"strings"
	"testing"

	"previewd/runtime/swarm/swarmtest"
)

// asksFromInstalls connects to addresses from the manager's network of installs, which previewd made and, from outside of the
// manager's own network, cannot close. It returns those that accept.
func asksFromInstalls(t *testing.T, s *service, bed *swarmtest.Bed, addresses ...string) []string {
	t.Helper()
	const dial = `use IO::Socket::INET;
		for (@ARGV) { print "$_ " if IO::Socket::INET->new(PeerAddr => $_, Timeout => 2) }`
	network := bed.Docker(t, 1, "network", "ls", "--format", "{{.Name}}", "--filter", "label=previewd.owner="+s.app.Owner(), "--filter", "name=install")
	if network == "" || strings.Contains(network, "\n") {
		t.Fatalf("the manager's networks of installs: %q", network)
	}
	return strings.Fields(bed.Docker(t, 1, append([]string{"run", "--rm", "--network", network, swarmImage, "perl", "-e", dial}, addresses...)...))
}
