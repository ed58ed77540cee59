package swarm

import (
	"strings"
	"testing"

	"previewd/runtime/preview"
)

// TestRemoveTakesEveryRun removes instances whose first run ended for want of the shim, which no node has of a new owner: the
// container of that run is gone with the last one's when Remove returns.
func TestRemoveTakesEveryRun(t *testing.T) {
	owner := "everyrun-" + preview.NewID()[:8]
	b := testBackend(t, func(o *Options) { o.Engine.Owner = owner })
	for _, node := range []int{2, 3} {
		if err := runOn(t, b, node, testImage); err != nil {
			t.Fatal(err)
		}
		if left := bed.Docker(t, node, "ps", "-a", "--filter", "label=previewd.owner="+owner); len(strings.Split(left, "\n")) > 1 {
			t.Errorf("node %d is left with %s", node, left)
		}
	}
}
