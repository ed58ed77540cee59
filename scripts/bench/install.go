package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"previewd/server/client"
)

// installBench compares a first launch, which installs, with the same install and start done by hand with docker.
func installBench(fs *flag.FlagSet) bench {
	pairs := fs.Int("install-pairs", 7, "alternating pairs of first launches")
	project := fs.String("install-project", "examples/express", "folder of the project that is installed")
	return bench{"install", "a first launch, which installs, against the same by hand with docker", func(ctx context.Context, b *bed, r *report) error {
		return measureInstalls(ctx, b, r, *pairs, *project)
	}}
}

func measureInstalls(ctx context.Context, b *bed, r *report, pairs int, project string) error {
	hand, err := watchInstall(ctx, b.user("install-hand"), project)
	if err != nil {
		return err
	}
	defer hand.run.remove(ctx)
	n := 0
	measured, err := comparePairs(pairs, func() (float64, error) {
		n++
		id := "install-" + strconv.Itoa(n)
		user := b.user(id) // dependencies are cached per user: a new one has none
		if err := putFolder(ctx, user, id, project); err != nil {
			return 0, err
		}
		ms, _, err := launchAndStop(ctx, user, id)
		return ms, err
	}, func() (float64, error) { return hand.installAndRun(ctx) })
	if err != nil {
		return err
	}
	name := filepath.Base(project)
	r.series(name+": first launch with install", measured.ours, "ms")
	r.series(name+": the same by hand with docker", measured.hand, "ms")
	r.series("first launch ÷ by hand, of each pair", measured.ratios, "")
	r.atMost(1.15)
	return nil
}

// byHand is what somebody with docker's command line would do: install in a container, commit it, run the result.
type byHand struct {
	folder  string // of the project
	image   string // of the runtime
	flags   []string
	command string // that installs
	run     *twin
}

// watchInstall launches a project for the first time and takes the settings of its install over while that is at work.
func watchInstall(ctx context.Context, c *client.Client, project string) (*byHand, error) {
	const id = "install-hand"
	folder, err := filepath.Abs(project)
	if err != nil {
		return nil, err
	}
	if err := putFolder(ctx, c, id, folder); err != nil {
		return nil, err
	}
	watching, stop := context.WithCancel(ctx)
	defer stop()
	seen := make(chan container, 1)
	go func() { seen <- awaitInstall(watching, id) }()
	run, err := warmUp(ctx, c, id)
	if err != nil {
		return nil, err
	}
	stop()
	install := <-seen
	if len(install.Config.Cmd) == 0 {
		return nil, errors.New("the launch installed nothing, or did not show how")
	}
	args, err := flags(install)
	return &byHand{
		folder: folder, image: install.Config.Image, flags: args, run: run,
		command: install.Config.Cmd[len(install.Config.Cmd)-1],
	}, err
}

func awaitInstall(ctx context.Context, generation string) container {
	for {
		if id, err := find(ctx, "install", generation); err == nil && id != "" {
			if c, err := inspect(ctx, id); err == nil {
				return c
			}
		}
		if pause(ctx, 20*time.Millisecond) != nil {
			return container{}
		}
	}
}

// installAndRun installs what the manifests say, and starts the project from the result; its source is mounted and copied.
func (h *byHand) installAndRun(ctx context.Context) (float64, error) {
	name := "previewd-bench-install-" + strconv.Itoa(os.Getpid())
	image := name + ":latest"
	source := []string{"--mount", "type=bind,source=" + h.folder + ",target=/src,readonly"}
	defer discard(ctx, "rmi", "--force", image)
	install := append([]string{"run", "--name", name, "--label", label, "--entrypoint", "/bin/sh"}, h.flags...)
	install = append(append(install, source...), h.image, "-c", "cp /src/package*.json . && "+h.command)
	begin := time.Now()
	for _, args := range [][]string{install, {"commit", name, image}, {"rm", name}} {
		if _, err := docker(ctx, args...); err != nil {
			discard(ctx, "rm", "--force", name)
			return 0, err
		}
	}
	installed := since(begin)
	// The app's command is the last word of sh -c.
	command := h.run.command
	if len(command) != 3 {
		return 0, fmt.Errorf("the app's command is %q, want sh -c …", command)
	}
	whole := []string{command[0], command[1], "cp -R /src/. . && " + strings.TrimSpace(command[2])}
	started, err := h.run.start(ctx, image, whole, twinPort, source...)
	return installed + started, err
}
