package launch_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"previewd/runtime/backendtest/fake"
	"previewd/runtime/preview"
)

// talkative serves, and has something to say at its end.
func talkative(ctx context.Context, p *fake.Process) int {
	if err := p.Serve(http.NotFoundHandler()); err != nil {
		return 99
	}
	<-ctx.Done()
	for n := range 100 {
		_, _ = fmt.Fprintf(p.Stdout, "last words %d\n", n)
	}
	return 0
}

// When the instance goes, the engine's log goes: what it wrote has to be stored by then.
func TestAnInstanceIsRemovedOnlyOnceItsLinesAreStored(t *testing.T) {
	w := newWorld(t, talkative)
	w.flush = time.Hour
	w.restart("patient")
	w.put("g", nodeApp)
	p := w.running(w.launch("g").ID)
	stored := ""
	w.engine.removing = func() { stored = w.logText(p.ID) }
	if err := w.Stop(t.Context(), "g", preview.User); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(stored, "subprocess last words 99\nsystem the app has ended with exit code 0\n") {
		t.Errorf("the instance is removed when this is stored:\n%s", stored)
	}
	w.nothingLeft()
}

// A launch that begins anew reads to the end what the instance of its first try has written.
func TestWhatAnEarlierTryWroteIsKept(t *testing.T) {
	more := make(chan int)
	w := newWorld(t, func(ctx context.Context, p *fake.Process) int {
		for {
			select {
			case n := <-more:
				_, _ = fmt.Fprintf(p.Stdout, "line %d\n", n)
			case <-ctx.Done():
				_, _ = fmt.Fprintln(p.Stdout, "farewell")
				return 0
			}
		}
	})
	w.put("g", nodeApp)
	p := w.launch("g")
	more <- 1
	w.until(p.ID, "booting", func(p preview.Preview) bool { return p.Phase == preview.Booting })
	bound, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	if err := w.Close(bound, true); err != nil {
		t.Fatal(err)
	}
	more <- 2
	w.restart("second")
	row, err := w.store.Preview(t.Context(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Resume(row); err != nil {
		t.Fatal(err)
	}
	w.until(p.ID, "booting again", func(p preview.Preview) bool { return p.InstanceID != "" && p.InstanceID != row.InstanceID })
	more <- 3
	if err := w.Stop(t.Context(), "g", preview.User); err != nil {
		t.Fatal(err)
	}
	text := w.logText(p.ID)
	for what, want := range map[string]int{"line 1": 1, "line 2": 1, "line 3": 1, "farewell": 2} {
		if n := strings.Count(text, "subprocess "+what+"\n"); n != want {
			t.Errorf("%q is there %d times, want %d", what, n, want)
		}
	}
	w.nothingLeft()
}

// A preview that was stopping when its process died is ended by the next one, which reads what was left.
func TestWhatAStoppingPreviewWroteIsKept(t *testing.T) {
	w := newWorld(t, talkative)
	w.put("g", nodeApp)
	p := w.running(w.launch("g").ID)
	bound, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	if err := w.Close(bound, true); err != nil {
		t.Fatal(err)
	}
	w.restart("second")
	if err := w.Discard(p); err != nil {
		t.Fatal(err)
	}
	w.ended(p.ID)
	if text := w.logText(p.ID); strings.Count(text, "subprocess last words") != 100 {
		t.Errorf("it is:\n%s", text)
	}
	w.nothingLeft()
}

// While the database takes no lines an instance that has been stopped stays: its log is the only place where they are.
func TestAnInstanceStaysWhileTheDatabaseIsAway(t *testing.T) {
	w := newWorld(t, talkative)
	w.put("g", nodeApp)
	p := w.running(w.launch("g").ID)
	w.lines.refuse(true)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_ = w.Stop(ctx, "g", preview.User) // does not end in time
	if list, err := w.engine.List(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	w.lines.refuse(false)
	w.ended(p.ID)
	if text := w.logText(p.ID); strings.Count(text, "subprocess last words") != 100 {
		t.Errorf("it is:\n%s", text)
	}
	w.nothingLeft()
}
