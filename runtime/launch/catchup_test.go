package launch_test

import (
	"context"
	"strings"
	"testing"

	"previewd/runtime/preview"
)

// TestTheLinesOfTheGapComeFirst: readers of a process that was cut off may have seen lines that it had not stored. These get their numbers again
// in the next process however long the engine takes to find where to begin, since its own first line comes after them.
func TestTheLinesOfTheGapComeFirst(t *testing.T) {
	more := make(chan int)
	w := newWorld(t, numbered(more))
	w.put("g", nodeApp)
	p := w.running(w.launch("g").ID)
	if err := w.Close(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	more <- 1
	more <- 2 // the app has written line 1 when it takes this
	begin := make(chan struct{})
	w.engine.following = func(ctx context.Context) {
		select {
		case <-begin:
		case <-ctx.Done():
		}
	}
	w.restart("second")
	if err := w.Adopt(p); err != nil {
		t.Fatal(err)
	}
	const own = "system previewd is back and watches the preview again\n"
	text := w.says(p.ID, own)
	if before, _, _ := strings.Cut(text, own); !strings.Contains(before, "subprocess line 1\n") {
		t.Errorf("after the adoption the log says\n%s", text)
	}
	close(begin)
	more <- 3
	w.says(p.ID, "subprocess line 3\n")
	if err := w.Stop(t.Context(), "g", preview.User); err != nil {
		t.Fatal(err)
	}
	w.nothingLeft()
}

// TestReportsAreHeededOnce: what the shim tells is heeded once, however often the output is read on, but for once more by another process.
func TestReportsAreHeededOnce(t *testing.T) {
	const line = "leads there\n"
	w := newWorld(t, serve)
	w.put("g", nodeApp)
	first := w.running(w.launch("g").ID)
	w.says(first.ID, line)
	if err := w.Stop(t.Context(), "g", preview.User); err != nil {
		t.Fatal(err)
	}
	if log := w.logText(first.ID); strings.Count(log, line) != 1 {
		t.Errorf("at the end the log says\n%s", log)
	}
	second := w.running(w.launch("g").ID)
	w.says(second.ID, line)
	if err := w.Close(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	w.restart("second")
	if err := w.Adopt(second); err != nil {
		t.Fatal(err)
	}
	w.says(second.ID, "previewd is back")
	if err := w.Stop(t.Context(), "g", preview.User); err != nil {
		t.Fatal(err)
	}
	if log := w.logText(second.ID); strings.Count(log, line) > 2 {
		t.Errorf("at the end of an adopted preview the log says\n%s", log)
	}
	w.nothingLeft()
}
