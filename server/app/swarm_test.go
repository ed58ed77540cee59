package app_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/runtime/swarm/swarmtest"
	"previewd/server/client"
)

const swarmImage = "debian:trixie-slim"

// site is a project that needs no install and no image but the smallest.
var site = map[string]string{"index.html": "<h1>hello from the swarm</h1>"}

// TestSwarm runs a whole previewd on a swarm of three nodes, and takes the nodes away from it.
func TestSwarm(t *testing.T) {
	bed := newBed(t)
	t.Setenv("DOCKER_HOST", bed.Socket(1)) // this machine's previewd speaks to the manager
	s := start(t, settings(t, 80, "PREVIEW_BACKEND=swarm", "PREVIEW_SWARM_TLS_DIR="+bed.TLSDir(), "PREVIEW_SWARM_UNPREPARED=1"))
	t.Run("Launch", func(t *testing.T) { launchesOnANode(t, s) })
	t.Run("Drain", func(t *testing.T) { movesFromADrainedNode(t, s, bed) })
	t.Run("Kill", func(t *testing.T) { movesFromADeadNode(t, s, bed) })
	t.Run("Partition", func(t *testing.T) { movesFromACutNode(t, s, bed) })
	t.Run("Full", func(t *testing.T) { saysThatNoNodeHasRoom(t, s, bed) })
	t.Run("Many", func(t *testing.T) { spreads(t, s, bed) })
	t.Run("Ready", func(t *testing.T) { tellsOfUnpreparedNodes(t, s) })
	t.Run("Prepared", func(t *testing.T) { isFencedOff(t, s, bed) })
	s.stop()
	for node := range bed.Nodes {
		if left := bed.Docker(t, node+1, "ps", "-aq", "--filter", "label=previewd.owner"); left != "" {
			t.Errorf("containers left on node %d: %s", node+1, left)
		}
	}
}

func newBed(t *testing.T) *swarmtest.Bed {
	t.Helper()
	bed, err := swarmtest.Up(t.Context(), 3, swarmImage)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("these tests need a swarm: %v", err)
		}
		t.Skipf("no swarm: %v", err)
	}
	t.Cleanup(func() {
		if err := bed.Down(context.Background()); err != nil {
			t.Errorf("take the swarm down: %v", err)
		}
	})
	return bed
}

// onWorker launches a site on another node than the manager and returns its status and the number of its node.
func (p *project) onWorker(t *testing.T, bed *swarmtest.Bed) (client.Status, int) {
	t.Helper()
	bed.Docker(t, 1, "node", "update", "--availability", "pause", bed.Name(1))
	st := p.running()
	bed.Docker(t, 1, "node", "update", "--availability", "active", bed.Name(1))
	return st, nodeOf(bed, st.BaseURL)
}

func nodeOf(bed *swarmtest.Bed, base string) int {
	u, err := url.Parse(base)
	if err != nil {
		return 0
	}
	for node := range bed.Nodes {
		if bed.Host(node+1) == u.Hostname() {
			return node + 1
		}
	}
	return 0
}

func launchesOnANode(t *testing.T, s *service) {
	t.Helper()
	p := s.uploadFiles(t, site)
	l := p.launch()
	st := p.until("it runs", func(st client.Status) bool { return st.Status == preview.Running })
	if status, body := get(t, st.BaseURL); status != http.StatusOK || !strings.Contains(body, "hello from the swarm") {
		t.Errorf("at %s: %d %q", st.BaseURL, status, body)
	}
	answer, err := p.ask(t.Context(), s.api, l.SessionToken, `{"method": "GET", "path": "/"}`)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("through previewd: %+v, %v", answer, err)
	}
}

// moved waits until the preview runs at another address, and that answers.
func (p *project) moved(t *testing.T, from string) client.Status {
	t.Helper()
	began := time.Now()
	st := p.until("it runs elsewhere", func(st client.Status) bool {
		return st.Status == preview.Running && st.BaseURL != from
	})
	t.Logf("moved from %s to %s within %v", from, st.BaseURL, time.Since(began).Round(10*time.Millisecond))
	if status, body := get(t, st.BaseURL); status != http.StatusOK || !strings.Contains(body, "hello") {
		t.Errorf("at %s: %d %q", st.BaseURL, status, body)
	}
	if log := p.log(); !strings.Contains(log, "the preview moves to another node") {
		t.Errorf("the log says nothing of the move:\n%s", log)
	}
	return st
}

func movesFromADrainedNode(t *testing.T, s *service, bed *swarmtest.Bed) {
	t.Helper()
	p := s.uploadFiles(t, site)
	st, node := p.onWorker(t, bed)
	bed.Docker(t, 1, "node", "update", "--availability", "drain", bed.Name(node))
	t.Cleanup(func() { bed.Docker(t, 1, "node", "update", "--availability", "active", bed.Name(node)) })
	p.moved(t, st.BaseURL)
}

func movesFromADeadNode(t *testing.T, s *service, bed *swarmtest.Bed) {
	t.Helper()
	p := s.uploadFiles(t, site)
	st, node := p.onWorker(t, bed)
	bed.Kill(t, node)
	p.moved(t, st.BaseURL)
	bed.Restart(t, node)
	oneOf(t, bed, p.id)
}

func movesFromACutNode(t *testing.T, s *service, bed *swarmtest.Bed) {
	t.Helper()
	p := s.uploadFiles(t, site)
	st, node := p.onWorker(t, bed)
	bed.Cut(t, node)
	now := p.moved(t, st.BaseURL)
	if got := bed.Docker(t, node, "ps", "-q", "--filter", "label=previewd.generation="+p.id); got == "" {
		t.Error("the cut-off node has ended its instance, so this test shows nothing")
	}
	bed.Heal(t, node)
	oneOf(t, bed, p.id)
	if again := p.status(); again.BaseURL != now.BaseURL || again.Status != preview.Running {
		t.Errorf("after the node's return it is %s at %s, not at %s", again.Status, again.BaseURL, now.BaseURL)
	}
}

// oneOf waits until a preview has one instance on all nodes together: the old one is gone from a node that is back.
func oneOf(t *testing.T, bed *swarmtest.Bed, generation string) {
	t.Helper()
	count := 0
	ok := eventually(time.Minute, func() bool {
		count = 0
		for node := range bed.Nodes {
			count += len(strings.Fields(bed.Docker(t, node+1, "ps", "-aq", "--filter", "label=previewd.generation="+generation)))
		}
		return count == 1
	})
	if !ok {
		t.Errorf("the preview has %d instances", count)
	}
}

func saysThatNoNodeHasRoom(t *testing.T, s *service, bed *swarmtest.Bed) {
	t.Helper()
	for node := range bed.Nodes {
		bed.Docker(t, 1, "node", "update", "--availability", "pause", bed.Name(node+1))
		t.Cleanup(func() { bed.Docker(t, 1, "node", "update", "--availability", "active", bed.Name(node+1)) })
	}
	p := s.uploadFiles(t, site)
	p.launch()
	st := p.ended()
	if st.Reason != preview.EngineUnavailable || !strings.Contains(st.Message, "no suitable node") {
		t.Errorf("it ended with %s: %s", st.Reason, st.Message)
	}
}

func spreads(t *testing.T, s *service, bed *swarmtest.Bed) {
	t.Helper()
	const previews = 60
	var all sync.WaitGroup
	var mu sync.Mutex
	perNode := map[int]int{}
	begun := time.Now()
	for n := range previews {
		all.Go(func() {
			p := s.uploadFiles(nameOf(t, fmt.Sprint(n)), site)
			st := p.running(func(r *client.LaunchRequest) { r.MemoryMB = 32 })
			status, _, err := tryGet(t.Context(), st.BaseURL)
			if err = errors.Join(err); err != nil || status != http.StatusOK {
				t.Errorf("preview %d at %s: %d, %v", n, st.BaseURL, status, err)
			}
			mu.Lock()
			defer mu.Unlock()
			perNode[nodeOf(bed, st.BaseURL)]++
		})
	}
	all.Wait()
	t.Logf("%d previews after %v: %v", previews, time.Since(begun).Round(100*time.Millisecond), perNode)
	for node := range bed.Nodes {
		if got := perNode[node+1]; got < previews/bed.Nodes/2 {
			t.Errorf("node %d has %d of %d previews", node+1, got, previews)
		}
	}
}

func tellsOfUnpreparedNodes(t *testing.T, s *service) {
	t.Helper()
	_, body := get(t, s.api+"/readyz")
	if !strings.Contains(body, "not prepared") {
		t.Errorf("/readyz says %s", body)
	}
}
