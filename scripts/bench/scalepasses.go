package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
	"previewd/runtime/reap"
)

// passes tells how long the loops take that look at all previews.
func (s *scale) passes(ctx context.Context, r *report) error {
	v, err := s.vitals(ctx, "look")
	if err != nil {
		return err
	}
	took, err := s.reconciles(ctx)
	if err != nil {
		return err
	}
	r.percentile(fmt.Sprintf("  a reconcile pass, p50 of %d", len(took)), took, 0.5)
	r.percentile("    p99", took, 0.99)
	r.atMost(1000)
	r.add("    of which the simulated engine's list", v.ListMS, "ms")
	return s.reads(ctx, r)
}

// reconciles reads from previewd's metrics how long each pass takes, in ms.
func (s *scale) reconciles(ctx context.Context) (took []float64, err error) {
	const enough, within = 12, 3 * time.Minute
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	var sum, count float64
	for len(took) < enough {
		text, err := get(ctx, "http://"+s.metrics+"/metrics")
		if err != nil {
			return nil, err
		}
		now, passes := sample(text, "preview_reconcile_seconds_sum"), sample(text, "preview_reconcile_seconds_count")
		if count > 0 && passes == count+1 {
			took = append(took, 1000*(now-sum))
		}
		sum, count = now, passes
		if err := pause(ctx, time.Second); err != nil {
			return nil, err
		}
	}
	return took, nil
}

// sample is the value of a metric without labels.
func sample(text []byte, name string) float64 {
	for line := range strings.Lines(string(text)) {
		if value, found := strings.CutPrefix(line, name+" "); found {
			v, _ := strconv.ParseFloat(strings.TrimSpace(value), 64)
			return v
		}
	}
	return 0
}

// reads times what else is asked of the database about all previews, beside previewd's own questions.
func (s *scale) reads(ctx context.Context, r *report) error {
	log := logrus.New()
	log.SetOutput(io.Discard)
	reaper := reap.New(reap.Options{
		Rows: s.database, Stopper: nobodyStops{}, Idle: time.Hour, Leads: func(context.Context) bool { return true }, Now: time.Now, Log: logrus.NewEntry(log),
	})
	for _, pass := range []struct {
		name string
		do   func() error
	}{
		{"reap pass", func() error { return reaper.Once(ctx) }},
		{"question what others asked to stop", func() error { _, err := s.database.StoppingPreviewsOf(ctx, "killed"); return err }},
		{"question who is responsible for previews", func() error { _, err := s.database.Launchers(ctx); return err }},
		{"count for /metrics", func() error { _, err := s.database.Census(ctx, lowestPort, 65535); return err }},
		{"page of a user's previews", func() error { _, _, err := s.database.Previews(ctx, "user-0", "", 50); return err }},
	} {
		took := make([]float64, 50)
		for i := range took {
			begin := time.Now()
			if err := pass.do(); err != nil {
				return fmt.Errorf("%s: %w", pass.name, err)
			}
			took[i] = since(begin)
		}
		r.percentile("  a "+pass.name+", p50", took, 0.5)
		r.percentile("    p99", took, 0.99)
	}
	return nil
}

type nobodyStops struct{}

func (nobodyStops) StopPreview(context.Context, string, preview.Code) error {
	return errors.New("a preview is due whose time is not over")
}

// worked is the share of one core that was used, in percent.
type worked struct{ previewd, database float64 }

// cpu measures for as long as a part lasts.
func (s *scale) cpu(ctx context.Context) (worked, error) {
	postgres, err := s.database.process()
	if err != nil {
		return worked{}, err
	}
	pids := []int{s.child.cmd.Process.Pid, postgres}
	begin := time.Now()
	before, err := cpuOf(pids...)
	if err != nil {
		return worked{}, err
	}
	if err := pause(ctx, s.last); err != nil {
		return worked{}, err
	}
	after, err := cpuOf(pids...)
	if err != nil {
		return worked{}, err
	}
	share := func(i int) float64 { return 100 * (after[i] - before[i]).Seconds() / time.Since(begin).Seconds() }
	return worked{previewd: share(0), database: share(1)}, nil
}

// process is the id of the database server.
func (b *logBed) process() (int, error) {
	text, err := os.ReadFile(filepath.Join(b.dir, "postgres", "data", "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return strconv.Atoi(first)
}
