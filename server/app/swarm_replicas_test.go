package app_test

import (
	"testing"

	"previewd/runtime/preview"
	"previewd/runtime/swarm/swarmtest"
	"previewd/server/client"
	"previewd/storage/storagetest"
)

// TestSwarmReplicas runs previewd after previewd on one database and one swarm. A preview that loses its machine moves while
// its previewd lives, after that was killed, and when that is killed on the way; and it is nowhere twice.
func TestSwarmReplicas(t *testing.T) {
	bed := newBed(t)
	environ := settings(t, 10, "PREVIEW_DATABASE_URL="+storagetest.URL(t), "DOCKER_HOST="+bed.Socket(1),
		"PREVIEW_BACKEND=swarm", "PREVIEW_SWARM_TLS_DIR="+bed.TLSDir(), "PREVIEW_SWARM_UNPREPARED=1")
	first, second := replica(t, environ), replica(t, environ)
	p := first.uploadFiles(t, site)
	st := p.running()
	p = p.on(second.service)
	if seen := p.status(); seen.Status != preview.Running || seen.BaseURL != st.BaseURL {
		t.Errorf("the other says %s at %s, not at %s", seen.Status, seen.BaseURL, st.BaseURL)
	}
	st = p.movesAway(t, bed, st, func() {})
	st = p.movesAway(t, bed, st, first.kill)

	third := replica(t, environ)
	p = p.on(third.service)
	p.movesAway(t, bed, st, func() {
		p.until("it is on its way", func(now client.Status) bool { return now.Status == preview.Starting || now.BaseURL != st.BaseURL })
		second.kill()
	})
	p.stop()
	third.term()
	for node := range bed.Nodes {
		if left := bed.Docker(t, node+1, "ps", "-aq", "--filter", "label=previewd.owner"); left != "" {
			t.Errorf("containers left on node %d: %s", node+1, left)
		}
	}
}

// movesAway drains the preview's node while something happens, and wants it once, elsewhere.
func (p *project) movesAway(t *testing.T, bed *swarmtest.Bed, from client.Status, meanwhile func()) client.Status {
	t.Helper()
	name := bed.Name(nodeOf(bed, from.BaseURL))
	bed.Docker(t, 1, "node", "update", "--availability", "drain", name)
	meanwhile()
	st := p.moved(t, from.BaseURL)
	bed.Docker(t, 1, "node", "update", "--availability", "active", name)
	oneOf(t, bed, p.id)
	if now := p.status(); now.Status != preview.Running || now.ID != from.ID || now.BaseURL != st.BaseURL {
		t.Errorf("after the move it is %s at %s, not at %s", now.Status, now.BaseURL, st.BaseURL)
	}
	return st
}
