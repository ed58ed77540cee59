package main

import (
	"context"
	"flag"
	"fmt"
	"time"
)

// logSoakBench looks at previewd's memory while lines come without end.
func logSoakBench(fs *flag.FlagSet) bench {
	previews := fs.Int("log-soak-previews", 10, "previews, which write 500 lines a second each")
	last := fs.Duration("log-soak-time", time.Minute, "how long; ten minutes say more")
	return bench{"log-soak", "previewd's memory under lines without end", func(ctx context.Context, b *bed, r *report) error {
		return measureSoak(ctx, b, r, *previews, *last)
	}}
}

// soakSamples are taken over the time; the first third is compared with the last.
const soakSamples = 60

func measureSoak(ctx context.Context, b *bed, r *report, previews int, last time.Duration) error {
	t, err := b.talk(ctx, "soak", previews, 20, 10)
	if err != nil {
		return err
	}
	defer t.end(ctx)
	t.read(ctx, 1, settling)
	if err := pause(ctx, last/10); err != nil { // rings and queues fill
		return err
	}
	var sizes []float64
	for i := range soakSamples {
		if err := pause(ctx, last/soakSamples); err != nil {
			return err
		}
		now, _, err := b.resident()
		if err != nil {
			return err
		}
		if sizes = append(sizes, now); i%10 == 9 {
			progress("%d/%d: %.1f MB", i+1, soakSamples, now)
		}
	}
	took, err := t.times()
	if err != nil {
		return err
	}
	const third = soakSamples / 3
	r.series(fmt.Sprintf("previewd's memory under %d lines a second", previews*500), sizes, "MB")
	r.add("  its median in the last third by that in the first", median(sizes[2*third:])/median(sizes[:third]), "")
	r.atMost(1.05)
	r.percentile("from write to reader, p99", took, 0.99)
	return nil
}
