package events_test

import (
	"testing"

	"previewd/runtime/events"
	"previewd/runtime/preview"
)

func TestDeliversOnlyWhatWasAskedFor(t *testing.T) {
	bus := events.NewBus()
	one, stopOne := bus.Subscribe("one")
	all, stopAll := bus.Subscribe("")
	bus.Publish(preview.Preview{ID: "one"})
	bus.Publish(preview.Preview{ID: "two"})
	stopOne()
	stopOne() // twice is fine
	stopAll()
	var ids []string
	for p := range one {
		ids = append(ids, "one:"+p.ID)
	}
	for p := range all {
		ids = append(ids, "all:"+p.ID)
	}
	if len(ids) != 3 || ids[0] != "one:one" || ids[2] != "all:two" {
		t.Errorf("delivered %q", ids)
	}
	bus.Publish(preview.Preview{ID: "one"}) // nobody listens any more
}

func TestASlowSubscriberHoldsNobodyUpAndKeepsTheLatest(t *testing.T) {
	bus := events.NewBus()
	changes, stop := bus.Subscribe("p")
	for port := range 1000 {
		bus.Publish(preview.Preview{ID: "p", Port: port})
	}
	stop()
	last := -1
	for p := range changes {
		if p.Port <= last {
			t.Fatalf("port %d after %d: out of order", p.Port, last)
		}
		last = p.Port
	}
	if last != 999 {
		t.Errorf("the last change delivered is %d, want 999", last)
	}
}
