package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os/exec"
	"time"
)

// logLatencyBench follows lines from the app to readers.
func logLatencyBench(fs *flag.FlagSet) bench {
	previews := fs.Int("log-latency-previews", 10, "previews, which write 20 lines a second each")
	readers := fs.Int("log-latency-readers", 5, "readers of each")
	last := fs.Duration("log-latency-time", 20*time.Second, "how long they are read")
	return bench{"log-latency", "from the write in an app to readers of its log, and to docker logs -f", func(ctx context.Context, b *bed, r *report) error {
		return measureLatency(ctx, b, r, *previews, *readers, *last)
	}}
}

// settling is how long readers have to come before times count.
const settling = 2 * time.Second

func measureLatency(ctx context.Context, b *bed, r *report, previews, readers int, last time.Duration) error {
	t, err := b.talk(ctx, "latency", previews, 50, 1)
	if err != nil {
		return err
	}
	defer t.end(ctx)
	before, err := b.cpu()
	if err != nil {
		return err
	}
	t.read(ctx, readers, settling)
	hand, err := followByHand(ctx, t.ids[0], settling+last)
	if err != nil {
		return err
	}
	after, err := b.cpu()
	if err != nil {
		return err
	}
	took, err := t.times()
	if err != nil {
		return err
	}
	r.percentile(fmt.Sprintf("from write to reader, %d previews with %d readers each, p50", previews, readers), took, 0.5)
	r.atMost(5)
	r.percentile("  p99", took, 0.99)
	r.atMost(20)
	r.percentile("  p99.9", took, 0.999)
	r.percentile("to docker logs -f meanwhile, p50", hand, 0.5)
	r.percentile("  p99", hand, 0.99)
	r.add("CPU of previewd and its database per line that a reader got", float64((after-before).Microseconds())/float64(len(took)), "µs")
	return nil
}

// followByHand reads a preview's output with docker's command line.
func followByHand(ctx context.Context, generation string, last time.Duration) (took []float64, err error) {
	id, err := find(ctx, "preview", generation)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, last)
	defer cancel()
	cmd := exec.CommandContext(ctx, "docker", "logs", "--follow", "--tail", "0", id)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if ms, err := age(lines.Text(), "at ", time.Now()); err == nil { // the rest is the shim's
			took = append(took, ms)
		}
	}
	_ = cmd.Wait() // it was ended
	if len(took) == 0 {
		return nil, fmt.Errorf("docker logs %s shows nothing", id)
	}
	return took, nil
}
