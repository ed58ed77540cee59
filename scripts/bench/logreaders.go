package main

import (
	"context"
	"flag"
	"fmt"
	"time"
)

// logReadersBench has very many readers follow one preview.
func logReadersBench(fs *flag.FlagSet) bench {
	readers := fs.Int("log-readers", 1000, "readers of one preview, which writes 10 lines a second")
	last := fs.Duration("log-readers-time", 20*time.Second, "how long they read")
	return bench{"log-readers", "very many readers of one preview: previewd's memory for each, and how soon they get a line", func(ctx context.Context, b *bed, r *report) error {
		return measureReaders(ctx, b, r, *readers, *last)
	}}
}

func measureReaders(ctx context.Context, b *bed, r *report, readers int, last time.Duration) error {
	t, err := b.talk(ctx, "readers", 1, 100, 1)
	if err != nil {
		return err
	}
	defer t.end(ctx)
	if err := b.forgetPeak(); err != nil {
		return err
	}
	before, _, err := b.resident()
	if err != nil {
		return err
	}
	const coming = 5 * time.Second
	t.read(ctx, readers, coming)
	if err := pause(ctx, coming+last); err != nil {
		return err
	}
	_, peak, err := b.resident()
	if err != nil {
		return err
	}
	took, err := t.times()
	if err != nil {
		return err
	}
	if want := readers * int(last.Seconds()) * 9; len(took) < want {
		return fmt.Errorf("%d readers got %d lines, want at least %d", readers, len(took), want)
	}
	r.add("previewd's memory for each reader, at its largest", 1024*(peak-before)/float64(readers), "KB")
	r.atMost(64)
	r.percentile("from write to reader, p50", took, 0.5)
	r.percentile("  p99", took, 0.99)
	r.atMost(100)
	return nil
}
