package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
	"previewd/runtime/reconcile"
	"previewd/storage"
)

// scaleBench is a control plane on a real database whose engine only lists: what the rows of many previews cost.
func scaleBench(fs *flag.FlagSet) bench {
	previews := fs.Int("scale-previews", 10_000, "running previews, at most 64,000: each has a port")
	return bench{"scale", "the control plane with many previews on a simulated engine", func(ctx context.Context, _ *bed, r *report) error {
		return measureScale(ctx, r, *previews)
	}}
}

// cluster is an engine that has an instance for every preview, and a process that runs all of them.
type cluster struct{ instances []preview.Instance }

func (c *cluster) List(context.Context) ([]preview.Instance, error) { return c.instances, nil }
func (c *cluster) Remove(context.Context, string) error             { return nil }
func (c *cluster) Owns(string) bool                                 { return true }
func (c *cluster) Adopt(preview.Preview) error                      { return nil }
func (c *cluster) Resume(preview.Preview) error                     { return nil }
func (c *cluster) Discard(preview.Preview) error                    { return nil }
func (c *cluster) Noticed(preview.Preview)                          {}
func (c *cluster) Release(string)                                   {}
func (c *cluster) Self() string                                     { return "scale" }
func (c *cluster) Alive(context.Context, string) bool               { return true }
func (c *cluster) Leads(context.Context) bool                       { return true }
func (c *cluster) Expel(context.Context, string)                    {}

func measureScale(ctx context.Context, r *report, previews int) error {
	database, stop, err := startDatabase(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = stop() }()
	store, err := storage.Open(ctx, database, storage.Options{Process: "scale"})
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	if err := store.Migrate(ctx); err != nil {
		return err
	}
	c, err := populate(ctx, store, previews)
	if err != nil {
		return err
	}
	return timePasses(ctx, r, store, c)
}

// populate starts as many previews and brings them to run.
func populate(ctx context.Context, store *storage.Store, previews int) (*cluster, error) {
	c, now := &cluster{}, time.Now()
	for i := range previews {
		id := fmt.Sprintf("scale-%d", i)
		if _, err := store.PutGeneration(ctx, preview.Generation{ID: id, UserID: "u", ProjectID: "p", Digest: "sha256:0"}, []byte("x"), nil); err != nil {
			return nil, err
		}
		p, _, err := store.StartPreview(ctx, preview.Preview{
			ID: preview.NewID(), GenerationID: id, UserID: "u", ProjectID: "p", Request: preview.Request{Launcher: "scale"},
			CreatedAt: now, LastActiveAt: now, ExpiresAt: now.Add(time.Hour), TokenExpiry: now.Add(time.Hour),
		}, preview.StartOptions{PortMin: 1024 + i, PortMax: 1024 + i})
		if err != nil {
			return nil, err
		}
		if err := store.SetInstance(ctx, p.ID, id); err != nil {
			return nil, err
		}
		if err := store.BecomeRunning(ctx, p.ID, now, nil); err != nil {
			return nil, err
		}
		c.instances = append(c.instances, preview.Instance{ID: id, PreviewID: p.ID, Kind: preview.KindPreview, State: preview.InstanceRunning, CreatedAt: now})
	}
	return c, nil
}

func timePasses(ctx context.Context, r *report, store *storage.Store, c *cluster) error {
	log := logrus.New()
	log.SetOutput(io.Discard)
	loop := reconcile.New(reconcile.Options{
		Engine: c, Rows: store, Launches: c, Processes: c, Every: time.Hour, Notice: time.Hour, InstallAge: time.Hour, Log: logrus.NewEntry(log),
	})
	n := len(c.instances)
	for _, pass := range []struct {
		name  string
		goal  float64 // ms, 0 is none
		times int
		do    func(i int) error
	}{
		{"reconcile", 1000, 10, func(int) error { return loop.Once(ctx) }},
		{"reap: what is due", 0, 20, func(int) error { _, err := store.DuePreviews(ctx, time.Now(), time.Hour); return err }},
		{"stops that others asked for", 0, 100, func(int) error { _, err := store.StoppingPreviewsOf(ctx, "scale"); return err }},
		{"who is responsible for previews", 0, 100, func(int) error { _, err := store.Launchers(ctx); return err }},
		{"count for /metrics", 0, 20, func(int) error { _, err := store.Census(ctx, 1024, 65535); return err }},
		{"a page of a user's previews", 0, 100, func(int) error { _, _, err := store.Previews(ctx, "u", "", 50); return err }},
		{"a status's row", 20, 2000, func(i int) error { _, err := store.LatestPreview(ctx, fmt.Sprintf("scale-%d", i*7919%n)); return err }},
	} {
		took := make([]float64, pass.times)
		for i := range took {
			begin := time.Now()
			if err := pass.do(i); err != nil {
				return fmt.Errorf("%s: %w", pass.name, err)
			}
			took[i] = since(begin)
		}
		slices.Sort(took)
		r.add(fmt.Sprintf("%s of %d previews, p50", pass.name, n), took[len(took)/2], "ms")
		r.add("  p99", took[len(took)*99/100], "ms")
		if pass.goal > 0 {
			r.atMost(pass.goal)
		}
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	r.add("memory that Go holds after it", float64(memory.Sys)/(1<<20), "MB")
	return nil
}
