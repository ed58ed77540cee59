package launch

import (
	"context"
	"io/fs"
	"path"
	"strconv"

	"previewd/runtime/images"
	"previewd/runtime/preview"
)

// imageChoice is what the instance is created from.
type imageChoice struct {
	ref     string
	workDir string
	user    string
	command []string // of a project's own image
	port    int      // that a project's own image exposes, 0 unknown
}

// install provides the image with the project's dependencies, from the cache when nothing changed.
func (r *run) install(ctx context.Context) error {
	if r.plan.Runtime == preview.RuntimeDockerfile {
		return r.buildProject(ctx)
	}
	runtimeImage, err := r.s.Images.Runtime(ctx, r.plan.Runtime, r.runtimeProgress)
	if err != nil {
		return err
	}
	r.image = imageChoice{
		ref: runtimeImage, workDir: path.Join(appDir, r.plan.Root), user: strconv.Itoa(appUID) + ":" + strconv.Itoa(appGID),
	}
	// The runtime's image may have been long in the making.
	if err := r.takePlace(ctx); err != nil {
		return err
	}
	if err := r.loadAgain(ctx); err != nil {
		return err
	}
	result, err := r.installed(ctx, runtimeImage)
	if err != nil {
		return err
	}
	r.image.ref = result.Image
	return r.notePlan(ctx, result.Cached)
}

// installed returns the image of the dependencies.
func (r *run) installed(ctx context.Context, runtimeImage string) (images.DepsResult, error) {
	return r.s.Images.Deps(ctx, images.DepsRequest{
		PreviewID: r.row.ID, GenerationID: r.row.GenerationID, UserID: r.row.UserID,
		RuntimeImage: runtimeImage, Root: r.plan.Root, Install: r.plan.Install, Env: r.plan.Env,
		Tree: r.tree.FS(), Limits: r.s.Config.InstallLimits, Timeout: r.s.Config.InstallTimeout, Slow: r.leavePlace,
	}, sink{r})
}

// runtimeProgress is told of a runtime image that is not there yet.
func (r *run) runtimeProgress(line string) {
	r.leavePlace()
	r.system(preview.Info, "%s", line)
}

func (r *run) buildProject(ctx context.Context) error {
	result, err := r.s.Images.Project(ctx, images.ProjectRequest{
		PreviewID: r.row.ID, GenerationID: r.row.GenerationID, UserID: r.row.UserID,
		Root: r.plan.Root, Dockerfile: r.plan.Dockerfile, Tree: r.tree.FS(),
		Limits: r.s.Config.InstallLimits, Timeout: r.s.Config.InstallTimeout, Slow: r.leavePlace,
		Again: func(ctx context.Context) (fs.FS, error) {
			if err := r.loadAgain(ctx); err != nil {
				return nil, err
			}
			tree := r.tree.FS()
			r.tree = nil
			return tree, nil
		},
	}, sink{r})
	if err != nil {
		return err
	}
	r.image = imageChoice{ref: result.Image, workDir: result.WorkDir, user: result.User, command: result.Command, port: result.Port}
	return r.notePlan(ctx, result.Cached)
}

// sink writes an install's output into the preview's log.
type sink struct{ *run }

func (s sink) System(level preview.Level, format string, args ...any) {
	s.system(level, format, args...)
}

func (s sink) Pump(ctx context.Context, reader preview.LogReader, instanceID string) error {
	return s.journal.Pump(ctx, reader, instanceID, nil)
}
