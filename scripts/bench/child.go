package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/pprof"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"previewd/server/app"
	"previewd/server/built"
)

// childEnv makes a process the benchmark's previewd; it is the address of the page that tells its vitals.
const childEnv = "BENCH_CHILD"

// serveChild is previewd itself beside a page that tells its vitals, and the profiles for whoever looks for a cause.
func serveChild() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	mux := http.NewServeMux()
	mux.HandleFunc("/", tellVitals)
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	page := &http.Server{Addr: os.Getenv(childEnv), ReadHeaderTimeout: time.Second, Handler: mux}
	go func() { _ = page.ListenAndServe() }()
	defer func() { _ = page.Close() }()
	if nodes, err := strconv.Atoi(os.Getenv(clusterEnv)); err == nil {
		return serveOnCluster(ctx, mux, nodes)
	}
	return app.Serve(ctx, os.Environ(), built.From("bench", ""), nil)
}

// vitals is what the child tells of itself.
type vitals struct {
	Goroutines int     `json:"goroutines"`
	HeapMB     float64 `json:"heap_mb,omitempty"` // in use after a collection
	StacksMB   float64 `json:"stacks_mb,omitempty"`
}

func tellVitals(w http.ResponseWriter, _ *http.Request) {
	_ = json.NewEncoder(w).Encode(vitals{Goroutines: runtime.NumGoroutine()})
}

func (b *bed) goroutines(ctx context.Context) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.debug, nil)
	if err != nil {
		return 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	var v vitals
	err = json.NewDecoder(resp.Body).Decode(&v)
	return v.Goroutines, err
}

// settleTime is longer than a connection to the engine stays open unused: two goroutines serve each.
const settleTime = time.Minute

// settle waits until previewd has no more than a number of goroutines, for a bounded time, and returns how many it has.
func (b *bed) settle(ctx context.Context, base int) (int, error) {
	http.DefaultTransport.(*http.Transport).CloseIdleConnections() //nolint:forcetypeassert // ours are not previewd's
	deadline := time.Now().Add(settleTime)
	for {
		n, err := b.goroutines(ctx)
		if err != nil || n <= base || time.Now().After(deadline) {
			return n, err
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return n, err
		}
	}
}

// idle returns how many goroutines previewd has once their number has not changed for a while.
func (b *bed) idle(ctx context.Context) (int, error) {
	http.DefaultTransport.(*http.Transport).CloseIdleConnections() //nolint:forcetypeassert // as above
	last := 0
	for same := 0; same < 30; same++ {
		n, err := b.goroutines(ctx)
		if err != nil {
			return 0, err
		}
		if n != last {
			last, same = n, 0
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return 0, err
		}
	}
	return last, nil
}

// forgetPeak makes the kernel count the largest resident memory anew (proc(5), clear_refs).
func (b *bed) forgetPeak() error {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", b.cmd.Process.Pid), []byte("5"), 0)
}

// resident is the child's resident memory, now and at its largest, in MB. The kernel keeps the latter, so that no
// moment is missed.
func (b *bed) resident() (now, peak float64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", b.cmd.Process.Pid))
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(text)) {
		switch fields := strings.Fields(line); {
		case len(fields) < 2:
		case fields[0] == "VmRSS:":
			now, err = megabytes(fields[1])
		case fields[0] == "VmHWM:":
			peak, err = megabytes(fields[1])
		}
		if err != nil {
			return 0, 0, err
		}
	}
	if now == 0 || peak == 0 {
		return 0, 0, errors.New("the kernel does not tell the resident memory")
	}
	return now, peak, nil
}

func megabytes(kb string) (float64, error) {
	n, err := strconv.Atoi(kb)
	return float64(n) / 1024, err
}
