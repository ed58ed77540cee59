package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"previewd/runtime/swarm/swarmtest"
)

// Addresses that node 2 finds on node 3.
const (
	metadata = "169.254.169.254"
	public   = "203.0.113.7" // of a range for documentation, which stays open
	held     = "9099"        // a port on which a program listens there, and on node 2
)

// isFencedOff: on a prepared node a preview's port answers previewd and nobody else, and a preview reaches the internet and
// nothing that is near, both on the previews' own bridge and where it stays on its engine's.
func isFencedOff(t *testing.T, s *service, bed *swarmtest.Bed) {
	t.Helper()
	bed.Hold(t, 2, 9099)
	bed.Hold(t, 3, 9099)
	for _, address := range []string{metadata, public} {
		bed.Inside(t, 3, "ip", "address", "add", address+"/32", "dev", "lo")
		bed.Inside(t, 2, "ip", "route", "add", address+"/32", "via", bed.Host(3))
	}
	far, own := s.onNode(t, bed, 3, "far"), s.onNode(t, bed, 2, "own")
	closed := []string{
		"http://" + bed.Host(2) + ":2376", // its node
		"http://172.19.0.1:" + held,       // its node by the bridge's address
		"http://" + bed.Host(1) + ":2376", // a private address
		"http://" + metadata + ":" + held, // the cloud's metadata
		far.base,                          // another node's preview
	}
	if got := own.reached(t, bed, closed); len(got) != len(closed) {
		t.Fatalf("on an unprepared node a preview reaches only %v of %v, so this test shows nothing", got, closed)
	}
	if !bed.Reaches(t, 3, own.base) {
		t.Fatal("another machine cannot reach the port of an unprepared node, so this test shows nothing")
	}
	installs := []string{bed.Host(1) + ":2376", bed.Host(2) + ":2376", strings.TrimPrefix(own.base, "http://")}
	if open := asksFromInstalls(t, s, bed, installs...); len(open) != len(installs) {
		t.Fatalf("of %v an install reaches only %v before, so this test shows nothing", installs, open)
	}
	for _, bridge := range []string{"", swarmtest.Bridge} {
		for n := range bed.Nodes {
			if err := bed.Prepare(t.Context(), n+1, bridge); err != nil {
				t.Fatal(err)
			}
		}
		if open := asksFromInstalls(t, s, bed, installs...); len(open) > 0 {
			t.Errorf("installs reach %v", open)
		}
		one, two := s.onNode(t, bed, 2, "one"+bridge), s.onNode(t, bed, 2, "two"+bridge)
		if stays := one.inspect(t, bed, "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}}{{end}}") == "bridge"; stays != (bridge != "") {
			t.Fatalf("with the bridge %q the preview stays on the engine's: %v", bridge, stays)
		}
		reachesNothingNear(t, bed, one, closed, own.inside, two.inside, two.base)
		reachesNothingNear(t, bed, own, closed, one.inside, two.inside, two.base)
	}
	if _, body := get(t, s.api+"/readyz"); !strings.Contains(body, "all prepared and reached") {
		t.Errorf("/readyz says %s", body)
	}
}

// placed is a running preview on a node.
type placed struct {
	node         int
	container    string
	base, inside string // where it is reached: from elsewhere, on its node
}

func (s *service) onNode(t *testing.T, bed *swarmtest.Bed, node int, name string) placed {
	t.Helper()
	for other := range bed.Nodes {
		if other+1 != node {
			bed.Docker(t, 1, "node", "update", "--availability", "pause", bed.Name(other+1))
			defer bed.Docker(t, 1, "node", "update", "--availability", "active", bed.Name(other+1))
		}
	}
	p := s.uploadFiles(nameOf(t, name), site)
	l := placed{node: node, base: p.running().BaseURL}
	l.container = bed.Docker(t, node, "ps", "-q", "--filter", "label=previewd.generation="+p.id)
	address := l.inspect(t, bed, "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}")
	l.inside = strings.Replace(l.base, bed.Host(node), address, 1)
	return l
}

func (p placed) inspect(t *testing.T, bed *swarmtest.Bed, format string) string {
	t.Helper()
	return bed.Docker(t, p.node, "inspect", "-f", format, p.container)
}

func (p placed) reached(t *testing.T, bed *swarmtest.Bed, addresses []string) []string {
	t.Helper()
	return bed.ReachedFrom(t, p.node, p.container, addresses)
}

// reachesNothingNear: nor does anything near reach the preview, but for previewd's machine.
func reachesNothingNear(t *testing.T, bed *swarmtest.Bed, p placed, closed []string, neighbours ...string) {
	t.Helper()
	open := "http://" + public + ":" + held
	if got := p.reached(t, bed, slices.Concat(closed, neighbours, []string{open})); !slices.Equal(got, []string{open}) {
		t.Errorf("the preview at %s reaches %v", p.inside, got)
	}
	for _, neighbour := range neighbours {
		if !bed.Reaches(t, p.node, neighbour) {
			t.Errorf("nobody answers at %s, so this test shows nothing", neighbour)
		}
	}
	if bed.Reaches(t, 3, p.base) {
		t.Errorf("another machine reaches the preview's port at %s", p.base)
	}
	if status, _ := get(t, p.base); status != http.StatusOK {
		t.Errorf("at %s previewd's machine is answered %d", p.base, status)
	}
}
