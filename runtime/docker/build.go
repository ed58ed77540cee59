package docker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/build"

	"previewd/runtime/preview"
)

// buildPeriod is the scheduler period, in microseconds, that CPU quotas of builds count in.
const buildPeriod = 100_000

// Build builds an image with the engine's classic builder (the one engines 20.10 to 28 share), writes its output
// to out as it comes, and returns the image's id. Build containers get the memory, CPU, file and network limits of
// the spec, and that of processes some milliseconds after a step's start. A failed step is a *preview.BuildError.
func (b *Backend) Build(ctx context.Context, spec preview.BuildSpec, out io.Writer) (string, error) {
	building, end := context.WithCancel(ctx)
	defer end()
	resp, err := b.api.ImageBuild(building, spec.Context, b.buildOptions(spec))
	if cerrdefs.IsInvalidArgument(err) { // the Dockerfile cannot be parsed
		return "", fmt.Errorf("build %s: %w", spec.Tag, &preview.BuildError{Message: strings.TrimPrefix(err.Error(), "Error response from daemon: ")})
	}
	if err != nil {
		return "", EngineError("build "+spec.Tag, err)
	}
	defer func() { _ = resp.Body.Close() }() // read only
	tail := &tailWriter{out: out}
	steps := b.limitSteps(building, spec.Limits.PIDs, tail, end)
	id, err := RelayProgress(resp.Body, steps)
	unlimited := steps.close()
	var reported *errReported
	switch {
	case unlimited != nil:
		return "", fmt.Errorf("build %s: %w", spec.Tag, unlimited)
	case errors.As(err, &reported):
		return "", fmt.Errorf("build %s: %w", spec.Tag, &preview.BuildError{Message: reported.message, Lines: tail.last()})
	case err != nil && ctx.Err() != nil:
		return "", fmt.Errorf("build %s: %w", spec.Tag, ctx.Err())
	case err != nil:
		return "", EngineError("build "+spec.Tag, err)
	case id == "":
		return b.ImageID(ctx, spec.Tag)
	}
	return id, nil
}

func (b *Backend) buildOptions(spec preview.BuildSpec) build.ImageBuildOptions {
	args := make(map[string]*string, len(spec.Args))
	for k, v := range spec.Args {
		args[k] = &v
	}
	o := build.ImageBuildOptions{
		Version:     build.BuilderV1,
		Dockerfile:  spec.Dockerfile,
		Target:      spec.Target,
		BuildArgs:   args,
		Labels:      b.ownLabels(spec.Labels),
		NetworkMode: b.NetworkName(spec.Network),
		Memory:      int64(spec.Limits.MemoryMB) * mb,
		MemorySwap:  int64(spec.Limits.MemoryMB) * mb,
		Ulimits:     ulimits(spec.Limits),
		ShmSize:     shmBytes,
		SecurityOpt: nil, // the classic builder refuses any on Linux
		Remove:      true,
		ForceRemove: true,
	}
	if spec.Tag != "" {
		o.Tags = []string{spec.Tag}
	}
	if spec.Limits.CPUs > 0 {
		o.CPUPeriod, o.CPUQuota = buildPeriod, int64(spec.Limits.CPUs*buildPeriod)
	}
	return o
}
