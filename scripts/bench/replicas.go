package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"syscall"
	"time"

	"previewd/runtime/preview"
)

// replicasBench runs several previewd on one database.
func replicasBench(fs *flag.FlagSet) bench {
	previews := fs.Int("replicas-previews", 10, "previews, which write 20 lines a second each")
	last := fs.Duration("replicas-time", 15*time.Second, "how long they are read through the other previewd")
	return bench{"replicas", "two previewd on one database: lines through the other one, takeover of a killed and of a stopped one", func(ctx context.Context, _ *bed, r *report) error {
		return measureReplicas(ctx, r, *previews, *last)
	}}
}

func measureReplicas(ctx context.Context, r *report, previews int, last time.Duration) error {
	database, stop, err := startDatabase(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = stop() }()
	url := "PREVIEW_DATABASE_URL=" + database
	a, err := startChild(ctx, url)
	if err != nil {
		return err
	}
	defer a.stop()
	b, err := startChild(ctx, url)
	if err != nil {
		return err
	}
	defer b.stop()
	t, err := a.talk(ctx, "replicas", previews, 50, 1)
	if err != nil {
		return err
	}
	through := &talk{bed: b, user: b.user("bench"), token: t.token, ids: t.ids, stop: func() {}}
	defer through.end(ctx)
	if err := through.latency(ctx, r, last); err != nil {
		return err
	}
	return measureTakeovers(ctx, r, a, b, url, t.ids[0])
}

func (t *talk) latency(ctx context.Context, r *report, last time.Duration) error {
	t.read(ctx, 1, settling)
	if err := pause(ctx, settling+last); err != nil {
		return err
	}
	took, err := t.times()
	if err != nil {
		return err
	}
	r.percentile("from write to a reader through the other previewd, p50", took, 0.5)
	r.atMost(100)
	r.percentile("  p99", took, 0.99)
	return nil
}

// measureTakeovers kills the one that leads, and stops the next.
func measureTakeovers(ctx context.Context, r *report, a, b *bed, url, id string) error {
	killed, err := b.takesOver(ctx, id, func() error { return a.cmd.Process.Kill() })
	if err != nil {
		return err
	}
	r.add("from kill -9 to the other that watches the previews", killed.Seconds(), "s")
	r.atMost(10)
	c, err := startChild(ctx, url)
	if err != nil {
		return err
	}
	defer c.stop()
	stopped, err := c.takesOver(ctx, id, func() error { return b.cmd.Process.Signal(syscall.SIGSTOP) })
	if err != nil {
		return errors.Join(err, b.cmd.Process.Signal(syscall.SIGCONT))
	}
	r.add("from SIGSTOP to the other that watches the previews", stopped.Seconds(), "s")
	r.atMost(10)
	return b.cmd.Process.Signal(syscall.SIGCONT)
}

// takesOver is how long it takes this previewd to say that it watches a preview whose previewd is made to go.
func (b *bed) takesOver(ctx context.Context, id string, goes func() error) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	user, after := b.user("bench"), int64(0)
	if err := user.Logs(ctx, id, 0, func(l preview.LogLine) { after = l.Seq }); err != nil {
		return 0, err
	}
	seen := make(chan struct{}, 1)
	go func() {
		_ = user.Stream(ctx, id, "", after, func(l preview.LogLine) {
			if strings.Contains(l.Message, "watches the preview again") {
				seen <- struct{}{}
			}
		})
	}()
	begin := time.Now()
	if err := goes(); err != nil {
		return 0, err
	}
	select {
	case <-seen:
		return time.Since(begin), nil
	case <-ctx.Done():
		return 0, fmt.Errorf("nobody took %s over: %w", id, ctx.Err())
	}
}
