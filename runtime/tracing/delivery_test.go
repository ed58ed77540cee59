package tracing

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/sirupsen/logrus/hooks/test"
	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// collector fails for as long as it is told to.
type collector struct{ err error }

func (c *collector) ExportSpans(context.Context, []sdk.ReadOnlySpan) error { return c.err }

func (c *collector) Shutdown(context.Context) error { return nil }

func TestAFailureIsToldOnceInAWhile(t *testing.T) {
	logger, said := test.NewNullLogger()
	now := time.Unix(1, 0)
	c := &collector{err: errors.New("connection refused")}
	d := newDelivery(c, "collector:4318", logrus.NewEntry(logger), func() time.Time { return now })
	export := func() {
		if err := d.ExportSpans(t.Context(), make([]sdk.ReadOnlySpan, 10)); err != nil {
			t.Error("the library would say so, too:", err)
		}
	}
	for range 100 {
		export()
		now = now.Add(time.Second)
	}
	if n := len(said.AllEntries()); n != 1 || said.LastEntry().Data["addr"] != "collector:4318" {
		t.Fatal(n, said.AllEntries())
	}
	now = now.Add(sayAgain)
	export()
	if n := len(said.AllEntries()); n != 2 || said.LastEntry().Data["lost"] != 1010 {
		t.Fatal(n, said.LastEntry().Data)
	}
	c.err = nil
	export()
	export()
	if n := len(said.AllEntries()); n != 3 || said.LastEntry().Message != "traces are delivered again" {
		t.Fatal(n, said.LastEntry().Message)
	}
	c.err = errors.New("away again")
	export()
	if said.LastEntry().Data["lost"] != 10 {
		t.Fatal(said.LastEntry().Data)
	}
}
