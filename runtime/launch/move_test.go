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
	moves(t, onNodes(t))
}

func TestAPreviewMovesWhileItsDatabaseGoesAway(t *testing.T) {
	w := onNodes(t)
	w.shaky = true
	w.restart("shaky")
	moves(t, w)
}

func moves(t *testing.T, w *world) {
	t.Helper()
	p := w.running(w.launch("g").ID)
	w.engine.Lose(p.InstanceID, "node n1 is down")
	got := w.until(p.ID, "it runs elsewhere", func(now preview.Preview) bool {
		return now.Status == preview.Running && now.InstanceID != p.InstanceID
	})
	if got.Node == p.Node || got.Node == "" || got.NodeHost != "127.0.0.1" || got.Port != p.Port {
		t.Errorf("it was on %s, port %d, and is on %s %s, port %d", p.Node, p.Port, got.Node, got.NodeHost, got.Port)
	}
	log := w.says(p.ID, "running on node "+got.Node)
	if line := "node n1 is down: the preview moves to another node"; !strings.Contains(log, line) {
		t.Errorf("the log lacks %q:\n%s", line, log)
	}
	if err := w.Stop(t.Context(), "g", preview.User); err != nil {
		t.Fatal(err)
	}
	w.ended(p.ID)
	w.countsOneMove("success")
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
	w.countsOneMove("failure")
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

// countsOneMove: beside the one launch there was one move, which came to this outcome.
func (w *world) countsOneMove(outcome string) {
	w.t.Helper()
	for _, of := range []string{"success", "failure", "cancelled"} {
		want := map[bool]float64{true: 1}[of == outcome]
		if got := w.counts.of(w.t, "preview_moves_total", of); got != want {
			w.t.Errorf("%v moves with the outcome %s, want %v", got, of, want)
		}
	}
	if got := w.counts.of(w.t, "preview_launches_total", "success"); got != 1 {
		w.t.Errorf("%v launches, want 1", got)
	}
}

// holdUp holds instances that are to be created, whose launches have a place, until release is closed.
func (w *world) holdUp() (begun, release chan struct{}) {
	hook, begun, release := installing()
	w.engine.creating.Store(&hook)
	return begun, release
}

// TestMovesLeavePlacesToLaunches: of two places one is for moves, and a launch gets the other before the second move.
func TestMovesLeavePlacesToLaunches(t *testing.T) {
	w := newWorld(t, serve, manyNodes, func(c *launch.Config) { c.Concurrency = 2 })
	var lost []preview.Preview
	for _, id := range []string{"a", "b"} {
		w.put(id, staticApp)
		lost = append(lost, w.running(w.launch(id).ID))
	}
	begun, release := w.holdUp()
	for _, p := range lost {
		w.engine.Lose(p.InstanceID, "node n1 is down")
	}
	<-begun
	waiting := func(p preview.Preview) bool {
		return p.Phase == preview.Queued && strings.Contains(w.logText(p.ID), "waiting for other launches")
	}
	w.until(lost[0].ID, "one of the moves waits", func(p preview.Preview) bool {
		other, err := w.store.Preview(t.Context(), lost[1].ID)
		return err == nil && (waiting(p) || waiting(other))
	})
	w.put("c", staticApp)
	c := w.launch("c")
	<-begun
	w.until(c.ID, "it has a place", func(p preview.Preview) bool { return p.Phase != preview.Queued })
	close(release)
	for _, p := range append(lost, c) {
		w.until(p.ID, "it runs", func(p preview.Preview) bool { return p.Status == preview.Running })
	}
	if got := w.counts.of(w.t, "preview_moves_total", "success"); got != 2 {
		t.Errorf("%v moves counted", got)
	}
}

// TestAMoveGoesOnAfterARestart: it is the same move to the next previewd, and no launch.
func TestAMoveGoesOnAfterARestart(t *testing.T) {
	w := onNodes(t)
	p := w.running(w.launch("g").ID)
	begun, release := w.holdUp()
	w.engine.Lose(p.InstanceID, "node n1 is down")
	<-begun
	if err := w.Close(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	row := w.until(p.ID, "it is left starting", func(p preview.Preview) bool { return p.Status == preview.Starting && p.Node == "" })
	close(release)
	w.restart("second")
	if err := w.Resume(row); err != nil {
		t.Fatal(err)
	}
	if got := w.running(p.ID); got.Port != p.Port || got.Node == "" || got.InstanceID == p.InstanceID {
		t.Errorf("it runs on %q, port %d, as %s; before as %s on port %d", got.Node, got.Port, got.InstanceID, p.InstanceID, p.Port)
	}
	w.countsOneMove("success")
}
