package docker

import (
	"os"
	"strings"
	"testing"

	"previewd/runtime/preview"
)

func TestNeighboursAreAskedSoon(t *testing.T) {
	b := testBackend(t, Options{})
	if err := b.EnsureNetworks(t.Context()); err != nil {
		t.Fatal(err)
	}
	path := "/proc/sys/net/ipv4/neigh/" + b.Bridge(preview.NetworkPreviews) + "/retrans_time_ms"
	want := neighbourRetry
	if f, err := os.OpenFile(path, os.O_WRONLY, 0); err != nil {
		want = "1000" // the kernel's own, where it may not be changed
	} else {
		_ = f.Close()
	}
	if got, err := os.ReadFile(path); err != nil || strings.TrimSpace(string(got)) != want {
		t.Errorf("asked again after %s ms, %v; want %s", got, err, want)
	}
	b.hastenNeighbours("no-such-bridge") // is no failure
}
