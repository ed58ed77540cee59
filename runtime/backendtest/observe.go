package backendtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"previewd/runtime/preview"
)

func testLogs(t *testing.T, b *bench) {
	t.Helper()
	began := time.Now().Add(-time.Minute)
	lines := b.output(t, b.start(t, "print"))
	want := []preview.LogEntry{
		{Stream: preview.Stdout, Text: []byte("one")},
		{Stream: preview.Stderr, Text: []byte("two")},
		{Stream: preview.Stdout, Text: []byte("three")},
		{Stream: preview.Stdout, Text: []byte("open end"), Partial: true}, // nothing follows: the instance ended in it
	}
	if len(lines) != len(want) {
		t.Fatalf("got %d entries: %q", len(lines), texts(lines))
	}
	for n, e := range lines {
		if e.Stream != want[n].Stream || !bytes.Equal(e.Text, want[n].Text) || e.Partial != want[n].Partial {
			t.Errorf("entry %d is %s %q partial=%v", n, e.Stream, e.Text, e.Partial)
		}
		if e.Timestamp.Before(began) || n > 0 && e.Timestamp.Before(lines[n-1].Timestamp) {
			t.Errorf("entry %d has the time %v", n, e.Timestamp)
		}
	}
}

func testLogsFollow(t *testing.T, b *bench) {
	t.Helper()
	id := b.create(t, b.spec("sleep"))
	must(t, b.Start(b.ctx, id))
	r, err := b.Logs(b.ctx, id, preview.LogsOptions{Follow: true})
	must(t, err)
	defer func() { _ = r.Close() }()
	e, err := r.Next()
	must(t, err)
	if string(e.Text) != "ready" {
		t.Errorf("first entry %q", e.Text)
	}
	must(t, b.Stop(b.ctx, id, 10*time.Second))
	e, err = r.Next()
	must(t, err)
	if string(e.Text) != "bye" {
		t.Errorf("last entry %q", e.Text)
	}
	if _, err = r.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("after the end: %v", err)
	}
}

func testLogsSince(t *testing.T, b *bench) {
	t.Helper()
	id := b.start(t, "print")
	all := b.output(t, id)
	r, err := b.Logs(b.ctx, id, preview.LogsOptions{Since: all[1].Timestamp})
	must(t, err)
	if rest := drain(t, r); len(rest) != len(all)-1 || !rest[0].Timestamp.Equal(all[1].Timestamp) {
		t.Errorf("since %v: %q", all[1].Timestamp, texts(rest))
	}
	r, err = b.Logs(b.ctx, id, preview.LogsOptions{Since: all[len(all)-1].Timestamp.Add(1), Follow: true})
	must(t, err)
	if rest := drain(t, r); len(rest) != 0 {
		t.Errorf("since the end: %q", texts(rest))
	}
}

func testLogsLongLine(t *testing.T, b *bench) {
	t.Helper()
	lines := b.output(t, b.start(t, "long"))
	var joined []byte
	for n, e := range lines[:len(lines)-1] {
		if last := n == len(lines)-2; e.Partial == last {
			t.Errorf("part %d of %d: partial=%v", n, len(lines)-1, e.Partial)
		}
		joined = append(joined, e.Text...)
	}
	if len(joined) != 40_000 || string(lines[len(lines)-1].Text) != "end" {
		t.Errorf("the long line has %d bytes in %d entries", len(joined), len(lines))
	}
}

func testLogsClose(t *testing.T, b *bench) {
	t.Helper()
	id := b.ready(t, "sleep")
	r, err := b.Logs(b.ctx, id, preview.LogsOptions{Follow: true})
	must(t, err)
	_, err = r.Next()
	must(t, err)
	ended := make(chan error, 1)
	go func() {
		_, err := r.Next()
		ended <- err
	}()
	must(t, r.Close())
	_ = r.Close() // a second time is harmless
	select {
	case err := <-ended:
		if err == nil || errors.Is(err, io.EOF) {
			t.Errorf("a closed reader ends with %v, as if the instance had", err)
		}
	case <-b.ctx.Done():
		t.Fatal("Close did not unblock Next")
	}
}

func testLogsManyLines(t *testing.T, b *bench) {
	t.Helper()
	const lines = 50_000
	id := b.start(t, "count", fmt.Sprint(lines))
	r, err := b.Logs(b.ctx, id, preview.LogsOptions{Follow: true})
	must(t, err)
	all := drain(t, r)
	if len(all) != lines {
		t.Fatalf("followed %d of %d lines", len(all), lines)
	}
	for n, e := range all {
		if want := fmt.Sprintf("line %d", n+1); string(e.Text) != want {
			t.Fatalf("entry %d is %q", n, e.Text)
		}
	}
}

func testStats(t *testing.T, b *bench) {
	t.Helper()
	id := b.ready(t, "busy")
	first, err := b.Stats(b.ctx, id)
	must(t, err)
	if first.MemoryBytes == 0 || first.MemoryLimit != 64<<20 || first.PIDs == 0 || first.At.IsZero() {
		t.Errorf("first reading %+v", first)
	}
	var second preview.Stats
	b.eventually(t, "a later reading shows a busy core", func() bool {
		second, err = b.Stats(b.ctx, id)
		must(t, err)
		return second.CPUPercent > 5
	})
	if second.CPUPercent > 250 || second.CPUSeconds < first.CPUSeconds {
		t.Errorf("second reading %+v after %+v", second, first)
	}
	must(t, b.Stop(b.ctx, id, 0))
	after, err := b.Stats(b.ctx, id)
	must(t, err)
	if after.MemoryBytes != 0 || after.CPUPercent != 0 {
		t.Errorf("an ended instance uses %+v", after)
	}
}

func testDiskUsage(t *testing.T, b *bench) {
	t.Helper()
	id := b.create(t, b.spec("fill", "5"))
	before, err := b.DiskUsage(b.ctx, id)
	must(t, err)
	must(t, b.Start(b.ctx, id))
	b.awaitLine(t, id, "ready")
	after, err := b.DiskUsage(b.ctx, id)
	must(t, err)
	if grown := after - before; grown < 5_000_000 || grown > 6_000_000 {
		t.Errorf("5 MB written, the disk grew from %d to %d", before, after)
	}
}

func testEvents(t *testing.T, b *bench) {
	t.Helper()
	ctx, cancel := context.WithCancel(b.ctx)
	defer cancel()
	events, failed := b.Events(ctx)
	spec := b.spec("exit", "6")
	id := b.create(t, spec)
	must(t, b.Start(b.ctx, id))
	_, err := b.Wait(b.ctx, id)
	must(t, err)
	must(t, b.Remove(b.ctx, id))
	for _, want := range []preview.EventKind{preview.EventStarted, preview.EventDied, preview.EventRemoved} {
		e := b.event(t, id, events, failed)
		if e.Kind != want || e.InstanceID != id || e.PreviewID != spec.PreviewID || e.At.IsZero() {
			t.Errorf("got %+v, want %s", e, want)
		}
		if want == preview.EventDied && e.ExitCode != 6 {
			t.Errorf("exit code %d", e.ExitCode)
		}
	}
}

// event returns the next one of an instance. A swarm may tell late of the end of an earlier one.
func (b *bench) event(t *testing.T, id string, events <-chan preview.InstanceEvent, failed <-chan error) preview.InstanceEvent {
	t.Helper()
	for {
		select {
		case e := <-events:
			if e.InstanceID == id {
				return e
			}
		case err := <-failed:
			t.Fatalf("the events ended: %v", err)
		case <-b.ctx.Done():
			t.Fatal("no event came")
		}
	}
}

func testEventsCancelled(t *testing.T, b *bench) {
	t.Helper()
	ctx, cancel := context.WithCancel(b.ctx)
	_, failed := b.Events(ctx)
	cancel()
	select {
	case err := <-failed:
		wantError(t, err, context.Canceled)
	case <-b.ctx.Done():
		t.Fatal("the stream did not end")
	}
}

func testEventsOutOfMemory(t *testing.T, b *bench) {
	t.Helper()
	ctx, cancel := context.WithCancel(b.ctx)
	defer cancel()
	events, failed := b.Events(ctx)
	id := b.ready(t, "hogchild")
	if e := b.event(t, id, events, failed); e.Kind != preview.EventStarted {
		t.Errorf("first event %+v", e)
	}
	if e := b.event(t, id, events, failed); e.Kind != preview.EventOOM || e.InstanceID != id {
		t.Errorf("second event %+v", e)
	}
	i, err := b.Inspect(b.ctx, id)
	must(t, err)
	if i.State != preview.InstanceRunning {
		t.Errorf("the instance whose child was killed is %+v", i)
	}
}

func testEngine(t *testing.T, b *bench) {
	t.Helper()
	must(t, b.Ping(b.ctx))
	info, err := b.Info(b.ctx)
	must(t, err)
	if info.Name == "" || info.Version == "" || info.APIVersion == "" || info.CPUs == 0 {
		t.Errorf("info %+v", info)
	}
	must(t, b.EnsureNetworks(b.ctx))
	must(t, b.EnsureNetworks(b.ctx))
	must(t, b.EnsureShim(b.ctx))
	must(t, b.EnsureShim(b.ctx))
}
