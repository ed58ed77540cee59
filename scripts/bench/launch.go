package main

import (
	"context"
	"flag"
	"path/filepath"

	"previewd/server/client"
)

// launchBench compares POST launch → the app's first 2xx, dependencies cached, with docker run of the same image and
// flags → first 2xx, in alternating pairs.
func launchBench(fs *flag.FlagSet) bench {
	pairs := fs.Int("launch-pairs", 20, "alternating pairs of launches")
	project := fs.String("launch-project", "examples/express", "folder of the project that is launched")
	return bench{"launch", "a launch with dependencies cached against docker run of the same", func(ctx context.Context, b *bed, r *report) error {
		return measureLaunches(ctx, b, r, *pairs, *project)
	}}
}

func measureLaunches(ctx context.Context, b *bed, r *report, pairs int, project string) error {
	c, id := b.user("launch"), "launch"
	if err := putFolder(ctx, c, id, project); err != nil {
		return err
	}
	hand, err := warmUp(ctx, c, id)
	if err != nil {
		return err
	}
	defer hand.remove(ctx)
	stages := map[string][]float64{}
	measured, err := comparePairs(pairs, func() (float64, error) {
		ms, timings, err := launchAndStop(ctx, c, id)
		for stage, ms := range timings {
			stages[stage] = append(stages[stage], float64(ms))
		}
		return ms, err
	}, func() (float64, error) { return hand.run(ctx, twinPort) })
	if err != nil {
		return err
	}
	name := filepath.Base(project)
	r.series(name+": launch to first 2xx", measured.ours, "ms")
	r.series(name+": docker run to first 2xx", measured.hand, "ms")
	r.series("launch ÷ docker run, of each pair", measured.ratios, "")
	r.atMost(1.1)
	for _, stage := range []string{"queued", "fetching", "detecting", "installing", "creating", "booting", "total"} {
		r.series("  stage "+stage, stages[stage], "ms")
	}
	return nil
}

// warmUp launches once, so that dependencies are cached, and copies what ran for docker run.
func warmUp(ctx context.Context, c *client.Client, id string) (*twin, error) {
	progress("installing the dependencies of %s once", id)
	if _, _, err := launch(ctx, c, id); err != nil {
		return nil, err
	}
	t, err := makeTwin(ctx, id)
	if err != nil {
		return nil, err
	}
	return t, c.Stop(ctx, id)
}

// launchAndStop measures one launch and how long its stages took, in milliseconds, and stops the preview again.
func launchAndStop(ctx context.Context, c *client.Client, id string) (ms float64, stages map[string]int64, err error) {
	if ms, _, err = launch(ctx, c, id); err != nil {
		return 0, nil, err
	}
	status, err := c.Status(ctx, id)
	if err != nil {
		return 0, nil, err
	}
	return ms, status.Timings, c.Stop(ctx, id)
}
