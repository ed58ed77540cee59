package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"
)

// figure is one measured number beside what it should be.
type figure struct {
	Bench string  `json:"bench"`
	Name  string  `json:"name"`
	Value float64 `json:"value"` // the median where there are several samples
	Unit  string  `json:"unit,omitempty"`
	Goal  string  `json:"goal,omitempty"`
	Met   *bool   `json:"met,omitempty"`

	Samples []float64 `json:"samples,omitempty"` // in the order they were taken
}

// machine is what the figures depend on.
type machine struct {
	CPUs   int    `json:"cpus"`
	Go     string `json:"go"`
	Engine string `json:"engine"`
}

func thisMachine(ctx context.Context) machine {
	engine, err := docker(ctx, "version", "--format", "{{.Server.Version}}")
	if err != nil {
		engine = "unknown"
	}
	return machine{CPUs: runtime.NumCPU(), Go: runtime.Version(), Engine: engine}
}

type report struct {
	Machine machine  `json:"machine"`
	Figures []figure `json:"figures"`
	bench   string   // at work
}

func (r *report) add(name string, value float64, unit string) {
	r.Figures = append(r.Figures, figure{Bench: r.bench, Name: name, Value: value, Unit: unit})
}

// series adds the median of samples.
func (r *report) series(name string, samples []float64, unit string) {
	r.Figures = append(r.Figures, figure{Bench: r.bench, Name: name, Value: median(samples), Unit: unit, Samples: samples})
}

// atMost gives the figure that was added last an upper bound.
func (r *report) atMost(bound float64) {
	last := &r.Figures[len(r.Figures)-1]
	met := last.Value <= bound
	last.Goal, last.Met = fmt.Sprintf("≤ %g", bound), &met
}

// atLeast gives it a lower bound.
func (r *report) atLeast(bound float64) {
	last := &r.Figures[len(r.Figures)-1]
	met := last.Value >= bound
	last.Goal, last.Met = fmt.Sprintf("≥ %g", bound), &met
}

// percentile adds what a share of times, in milliseconds, stays within.
func (r *report) percentile(name string, times []float64, share float64) {
	sorted := slices.Sorted(slices.Values(times))
	r.add(name, sorted[min(int(share*float64(len(sorted))), len(sorted)-1)], "ms")
}

// quartiles adds the lower and the upper quartile of the samples that were added last.
func (r *report) quartiles() {
	last := r.Figures[len(r.Figures)-1]
	sorted := slices.Sorted(slices.Values(last.Samples))
	for _, q := range []struct {
		name string
		part int
	}{{"  lower quartile", 1}, {"  upper quartile", 3}} {
		r.add(q.name, sorted[(len(sorted)-1)*q.part/4], last.Unit)
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (r *report) print(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "benchmark\tfigure\tvalue\tunit\trange\tgoal\t")
	for _, f := range r.Figures {
		_, _ = fmt.Fprintf(t, "%s\t%s\t%.2f\t%s\t%s\t%s\t%s\n", f.Bench, f.Name, f.Value, f.Unit, f.span(), f.Goal, f.verdict())
	}
	_ = t.Flush()
}

func (f figure) verdict() string {
	if f.Met == nil {
		return ""
	}
	return map[bool]string{true: "met", false: "MISSED"}[*f.Met]
}

func (f figure) span() string {
	if len(f.Samples) < 2 {
		return ""
	}
	return fmt.Sprintf("%.2f-%.2f", slices.Min(f.Samples), slices.Max(f.Samples))
}

// write puts the JSON into a file, or below the table.
func (r *report) write(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if path != "" {
		return os.WriteFile(path, text, 0o644)
	}
	_, err = os.Stdout.Write(text)
	return err
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
