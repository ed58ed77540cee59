package launch_test

import (
	"strings"
	"testing"

	"previewd/runtime/launch"
	"previewd/runtime/preview"
)

func manyNodes(c *launch.Config) { c.Nodes = true }

// onNodes has a fresh engine of two machines.
func onNodes(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, serve, manyNodes)
	w.put("g", nodeApp)
	return w
}

func TestAPreviewThatLosesItsMachineMoves(t *testing.T) {
	w := onNodes(t)
	p := w.running(w.launch("g").ID)
	w.engine.Lose(p.InstanceID, "node n1 is down")
	got := w.until(p.ID, "it runs elsewhere", func(now preview.Preview) bool {
		return now.Status == preview.Running && now.InstanceID != p.InstanceID
	})
	if got.Node == p.Node || got.Node == "" || got.NodeHost != "127.0.0.1" || got.Port != p.Port {
		t.Errorf("it was on %s, port %d, and is on %s %s, port %d", p.Node, p.Port, got.Node, got.NodeHost, got.Port)
	}
	if err := w.Stop(t.Context(), "g", preview.User); err != nil {
		t.Fatal(err)
	}
	w.ended(p.ID)
	log := w.logText(p.ID)
	for _, line := range []string{"node n1 is down: the preview moves to another node", "running on node " + got.Node} {
		if !strings.Contains(log, line) {
			t.Errorf("the log lacks %q:\n%s", line, log)
		}
	}
	w.nothingLeft()
}

func TestAMoveThatCannotHappenEndsWithItsReason(t *testing.T) {
	w := onNodes(t)
	p := w.running(w.launch("g").ID)
	w.engine.Fail("start", &preview.NoRoomError{Why: "insufficient resources on 2 nodes"})
	w.engine.Lose(p.InstanceID, "node n1 is down")
	got := w.ended(p.ID)
	if got.Reason.Code != preview.InstanceLost || !strings.Contains(got.Reason.Message, "node n1 is down") ||
		!strings.Contains(got.Reason.Message, "insufficient resources on 2 nodes") {
		t.Errorf("it ended with %+v", got.Reason)
	}
	w.engine.Fail("start", nil)
	w.nothingLeft()
}

func TestAStopComesBeforeAMove(t *testing.T) {
	w := onNodes(t)
	p := w.running(w.launch("g").ID)
	if _, err := w.store.BeginStopping(t.Context(), p.ID, preview.Reason{Code: preview.User}); err != nil {
		t.Fatal(err)
	}
	w.engine.Lose(p.InstanceID, "node n1 is down")
	if got := w.ended(p.ID); got.Reason.Code != preview.User {
		t.Errorf("it ended with %+v", got.Reason)
	}
	w.nothingLeft()
}

func TestOnOneMachineNothingMoves(t *testing.T) {
	w := newWorld(t, serve)
	w.put("g", nodeApp)
	p := w.running(w.launch("g").ID)
	w.engine.Lose(p.InstanceID, "the machine is down")
	if got := w.ended(p.ID); got.Reason.Code != preview.InstanceLost || got.Node != "" {
		t.Errorf("it ended with %+v on %q", got.Reason, got.Node)
	}
	w.nothingLeft()
}
