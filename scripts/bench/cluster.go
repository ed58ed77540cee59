package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"previewd/runtime/backendtest/fake"
	"previewd/runtime/preview"
	"previewd/server/app"
	"previewd/server/built"
	"previewd/server/config"
	"previewd/storage"
)

// clusterEnv makes the benchmark's previewd run on a simulated engine that has an instance for every active preview of
// the database, as after a restart of previewd. It is the number of nodes.
const clusterEnv = "BENCH_CLUSTER"

const clusterImage = "simulated"

// cluster is that engine. Its instances write lines when they are told to, evenly spread over a period.
type cluster struct {
	*fake.Backend
	previews  int
	following atomic.Int64 // log streams that previewd follows
	begun     time.Time    // when previewd was started
	adopted   atomic.Int64 // ms until it followed all of them
	before    vitals       // of the process with the simulation alone

	mu      sync.Mutex
	writers []io.Writer
	period  time.Duration // in which each instance writes a line; 0 is never
}

// serveOnCluster is previewd beside the vitals page, as serveChild is.
func serveOnCluster(ctx context.Context, mux *http.ServeMux, nodes int) error {
	cfg, _, err := config.Load(os.Environ())
	if err != nil {
		return err
	}
	c := newCluster(nodes)
	if err := c.populate(ctx, string(cfg.DatabaseURL)); err != nil {
		return err
	}
	mux.HandleFunc("GET /cluster", c.tell)
	mux.HandleFunc("POST /cluster/lines", c.setPeriod)
	go c.write(ctx)
	c.before, c.begun = vitalsNow(), time.Now()
	return app.Run(ctx, app.Options{Config: cfg, Built: built.From("bench", ""), Log: app.NewLog(cfg, os.Stderr), Engine: c})
}

func newCluster(nodes int) *cluster {
	c := &cluster{}
	names := make([]string, nodes)
	for i := range names {
		names[i] = fmt.Sprintf("node-%d", i)
	}
	c.Backend = fake.New(fake.Options{
		Nodes: names, Images: map[string]preview.ImageConfig{clusterImage: {}}, Programs: map[string]fake.Program{"": c.run},
		Name: func(s preview.Spec) string { return instanceOf(s.PreviewID) },
	})
	return c
}

// instanceOf names a preview's instance, here and in the rows of the database.
func instanceOf(previewID string) string { return "instance-" + previewID }

// populate starts an instance for every active preview. None has a port: what is simulated is the engine, not the network.
func (c *cluster) populate(ctx context.Context, database string) error {
	store, err := storage.Open(ctx, database, storage.Options{MaxConns: 1})
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	claims, err := store.Claims(ctx)
	if err != nil {
		return err
	}
	for _, claim := range claims {
		id, err := c.Create(ctx, preview.Spec{Kind: preview.KindPreview, PreviewID: claim.ID, Image: clusterImage})
		if err := errors.Join(err, c.Start(ctx, id)); err != nil {
			return err
		}
	}
	c.previews = len(claims)
	return nil
}

// run is every instance's program.
func (c *cluster) run(ctx context.Context, p *fake.Process) int {
	c.mu.Lock()
	c.writers = append(c.writers, p.Stdout)
	c.mu.Unlock()
	<-ctx.Done()
	return 0
}

// write has the instances write in turn.
func (c *cluster) write(ctx context.Context) {
	const every = 10 * time.Millisecond
	message, next, owed := []byte("INFO:     127.0.0.1:51234 - \"GET /api/notes HTTP/1.1\" 200 OK\n"), 0, 0.0
	for pause(ctx, every) == nil {
		c.mu.Lock()
		writers, period := c.writers, c.period
		c.mu.Unlock()
		if period == 0 {
			continue
		}
		for owed += float64(len(writers)) * every.Seconds() / period.Seconds(); owed >= 1; owed-- {
			_, _ = writers[next%len(writers)].Write(message)
			next++
		}
	}
}

func (c *cluster) setPeriod(w http.ResponseWriter, r *http.Request) {
	period, err := time.ParseDuration(r.FormValue("period"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.period = period
}

// Info tells of a machine that has a disk, as engines do.
func (c *cluster) Info(ctx context.Context) (preview.EngineInfo, error) {
	info, err := c.Backend.Info(ctx)
	info.DataDir = os.TempDir()
	return info, err
}

// Logs counts the streams that are followed.
func (c *cluster) Logs(ctx context.Context, id string, o preview.LogsOptions) (preview.LogReader, error) {
	r, err := c.Backend.Logs(ctx, id, o)
	if err != nil || !o.Follow {
		return r, err
	}
	if n := c.following.Add(1); n == int64(c.previews) {
		c.adopted.CompareAndSwap(0, time.Since(c.begun).Milliseconds())
	}
	return &countedReader{LogReader: r, closed: sync.OnceFunc(func() { c.following.Add(-1) })}, nil
}

type countedReader struct {
	preview.LogReader
	closed func()
}

func (r *countedReader) Close() error {
	r.closed()
	return r.LogReader.Close()
}

// clusterVitals are what the child tells of itself and of the simulation in it.
type clusterVitals struct {
	Before, Now vitals
	Following   int
	SinceMS     int64   // since previewd was started
	AdoptedMS   int64   // until all were followed, 0 before
	ListMS      float64 // what one list of the simulated engine takes, in the middle
}

func (c *cluster) tell(w http.ResponseWriter, r *http.Request) {
	v := clusterVitals{Before: c.before, Following: int(c.following.Load()), SinceMS: time.Since(c.begun).Milliseconds(), AdoptedMS: c.adopted.Load()}
	if r.FormValue("look") != "" {
		v.ListMS, v.Now = c.listTime(r.Context()), vitalsNow()
	}
	_ = json.NewEncoder(w).Encode(v)
}

func (c *cluster) listTime(ctx context.Context) float64 {
	took := make([]float64, 5)
	for i := range took {
		begin := time.Now()
		_, _ = c.List(ctx)
		took[i] = since(begin)
	}
	return slices.Sorted(slices.Values(took))[len(took)/2]
}

// vitalsNow collects garbage first, and gives what is free back.
func vitalsNow() vitals {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return vitals{Goroutines: runtime.NumGoroutine(), HeapMB: float64(m.HeapAlloc) / (1 << 20), StacksMB: float64(m.StackSys) / (1 << 20)}
}
