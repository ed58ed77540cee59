package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// benchInstall compares a first launch, which installs, with the same install and start done by hand with docker.
func benchInstall(ctx context.Context, b *bed, o options, r *report) error {
	c := b.user("install")
	dir := filepath.Join(o.examples, "express")
	if err := b.put(ctx, c, "bench-hand", dir); err != nil {
		return err
	}
	hand, err := b.warmUp(ctx, c, "bench-hand")
	if err != nil {
		return err
	}
	defer hand.remove()
	runtimeImage, err := docker(ctx, "images", "-q", "--filter", "label=previewd.image=runtime", "--filter", "reference=previewd/node")
	if err != nil || runtimeImage == "" {
		return errors.Join(err, errors.New("no runtime image of node"))
	}
	var ours, theirs, ratios []float64
	for i := range o.installs {
		id := "bench-install-" + strconv.Itoa(i)
		user := b.user(id) // dependencies are cached per user: a new one has none
		if err := b.put(ctx, user, id, dir); err != nil {
			return err
		}
		mine, _, err := timedLaunch(ctx, user, id)
		if err != nil {
			return err
		}
		docker, err := hand.timedInstall(ctx, firstLine(runtimeImage), dir, 23400+i)
		if err != nil {
			return err
		}
		ours, theirs, ratios = append(ours, mine), append(theirs, docker), append(ratios, mine/docker)
		progress("first launch %d/%d: previewd %.0f ms, by hand %.0f ms", i+1, o.installs, mine, docker)
	}
	r.add("first launch with install, median", median(ours), "ms")
	r.add("the same by hand with docker, median", median(theirs), "ms")
	r.atMost("first launch ÷ by hand, median of pairs", median(ratios), "", 1.15)
	return nil
}

// timedInstall installs with docker run, commits, and starts from the result with the source mounted.
func (t *twin) timedInstall(ctx context.Context, runtimeImage, dir string, port int) (float64, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return 0, err
	}
	name := "previewd-bench-install-" + strconv.Itoa(os.Getpid())
	image := name + ":latest"
	defer func() {
		_, _ = docker(context.WithoutCancel(ctx), "rm", "-f", name)
		_, _ = docker(context.WithoutCancel(ctx), "rmi", "-f", image)
	}()
	begin := time.Now()
	script := "cp /src/package*.json . && npm ci --no-audit --no-fund"
	steps := [][]string{
		{
			"run", "--name", name, "--label", "previewd.bench=install", "--user", "10001:10001", "--workdir", "/app", "--cap-drop", "ALL",
			"--security-opt", "no-new-privileges", "--env", "HOME=/tmp", "--volume", dir + ":/src:ro", runtimeImage, "sh", "-c", script,
		},
		{"commit", name, image},
		{"rm", name},
	}
	for _, args := range steps {
		if _, err := docker(ctx, args...); err != nil {
			return 0, err
		}
	}
	installed := time.Since(begin)
	run := *t // its image holds the source already, as if it had been copied
	started, err := run.timedRun(ctx, port)
	if err != nil {
		return 0, fmt.Errorf("start by hand: %w", err)
	}
	return float64(installed.Microseconds())/1000 + started, nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
