package images

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strconv"
	"time"

	"previewd/runtime/preview"
)

// cleanupTimeout bounds what is undone after the launch was cancelled.
const cleanupTimeout = 30 * time.Second

// script runs the install ($2) in the project's folder ($1). Caches lie in /tmp and are not worth keeping: the
// image is the cache, and modules need no archives beside their files. Nothing in it shall be writable for everybody.
const script = `cd "$1" || exit
/bin/sh -c "$2"
status=$?
rm -rf /tmp/* /tmp/.[!.]* 2>/dev/null
find /app/.deps/go/pkg/mod/cache/download -name '*.zip' -delete 2>/dev/null
[ $status = 0 ] && find /app ! -type l -perm -0002 -exec chmod o-w {} +
exit $status`

// errInstallTimeout is the cause of a context that ended because the install took too long.
var errInstallTimeout = errors.New("install timeout")

// install runs the install command in an instance of its own and turns the result into an image.
func (s *Store) install(ctx context.Context, req DepsRequest, inputs map[string]file, tag string, sink Sink) (DepsResult, error) {
	sink.System(preview.Info, "installing dependencies: %s", req.Install.Command)
	began := s.o.Now()
	id, err := s.o.Engine.Create(ctx, installSpec(req, inputs))
	if err != nil {
		return DepsResult{}, fmt.Errorf("create install instance: %w", err)
	}
	s.working(id, true)
	defer s.discard(ctx, id)

	if err := s.runInstall(ctx, id, req, sink); err != nil {
		return DepsResult{}, err
	}
	size, err := s.keep(ctx, id, tag)
	if err != nil {
		return DepsResult{}, err
	}
	sink.System(preview.Info, "dependencies installed in %.1f s, %d MB; they are kept for the next launch",
		s.o.Now().Sub(began).Seconds(), size>>20)
	s.o.Metrics.grew(size)
	return DepsResult{Image: tag, Bytes: size}, nil
}

func installSpec(req DepsRequest, inputs map[string]file) preview.Spec {
	root := path.Join(appDir, req.Root)
	placed := make(map[string]file, len(inputs))
	for name, f := range inputs {
		placed[path.Join(req.Root, name)] = f
	}
	uploads := []preview.Upload{{Dir: appDir, UID: appUID, GID: appUID, Tar: tarOf(placed)}}
	if root != appDir {
		uploads = append(uploads, preview.Upload{Dir: root, UID: appUID, GID: appUID, Tar: tarOf(nil)}) // the folder alone
	}
	return preview.Spec{
		Kind: preview.KindInstall, PreviewID: req.PreviewID, GenerationID: req.GenerationID, UserID: req.UserID,
		Image:      req.RuntimeImage,
		Entrypoint: []string{"/bin/sh", "-c", script, "install"},
		Command:    []string{root, req.Install.Command},
		Env:        req.Env, WorkDir: appDir, User: appUser,
		Network: preview.NetworkInstall, Limits: req.Limits, Files: uploads,
	}
}

// runInstall returns nil when the command succeeded, with all its output in sink.
func (s *Store) runInstall(ctx context.Context, id string, req DepsRequest, sink Sink) error {
	work := ctx
	if req.Timeout > 0 {
		var cancel context.CancelFunc
		work, cancel = context.WithTimeoutCause(ctx, req.Timeout, errInstallTimeout)
		defer cancel()
	}
	output := &recorder{}
	ended, err := s.follow(work, id, output, sink)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(context.Cause(work), errInstallTimeout):
		return installTimeout(req, output.last())
	case err != nil:
		return err
	case ended.OOMKilled && ended.ExitCode != 0:
		return installOutOfMemory(req.Limits, output.last())
	case ended.ExitCode != 0:
		return installFailed(ended.ExitCode, output.last())
	}
	return nil
}

// follow starts the instance, passes its output on until the end of both, and returns how it ended.
func (s *Store) follow(ctx context.Context, id string, output *recorder, sink Sink) (preview.Instance, error) {
	if err := s.o.Engine.Start(ctx, id); err != nil {
		return preview.Instance{}, fmt.Errorf("start install: %w", err)
	}
	logs, err := s.o.Engine.Logs(ctx, id, preview.LogsOptions{Follow: true})
	if err != nil {
		return preview.Instance{}, fmt.Errorf("install output: %w", err)
	}
	output.LogReader = logs
	pumped := make(chan error, 1)
	go func() { pumped <- sink.Pump(ctx, output, id) }()
	ended, err := s.o.Engine.Wait(ctx, id)
	if err != nil {
		_ = logs.Close() // unblocks the pump
	}
	pumpErr := <-pumped
	_ = logs.Close()
	if err == nil {
		if err := errors.Join(pumpErr, s.rest(ctx, id, output, sink)); err != nil {
			s.log.WithError(err).WithField("container_id", id).Warn("install output is incomplete")
		}
	}
	return ended, err
}

// rest reads the output of an instance that has ended once more: under load, the stream of engine 20.10 leaves out the last lines. The sink knows
// those it has.
func (s *Store) rest(ctx context.Context, id string, output *recorder, sink Sink) error {
	logs, err := s.o.Engine.Logs(ctx, id, preview.LogsOptions{})
	if err != nil {
		return err
	}
	defer func() { _ = logs.Close() }()
	output.restart(logs)
	return sink.Pump(ctx, output, id)
}

// keep turns a finished install into an image and returns what it adds to the runtime's, in bytes.
func (s *Store) keep(ctx context.Context, id, tag string) (int64, error) {
	size, err := s.o.Engine.DiskUsage(ctx, id)
	if err != nil {
		return 0, fmt.Errorf("size of dependencies: %w", err)
	}
	labels := s.labels(imageDeps, tag[len(depsRepo)+1:])
	labels[labelBytes] = strconv.FormatInt(size, 10)
	if _, err := s.o.Engine.Commit(ctx, id, preview.CommitSpec{Tag: tag, Labels: labels}); err != nil {
		return 0, fmt.Errorf("keep dependencies: %w", err)
	}
	s.usage.touch(tag, s.o.Now())
	return size, nil
}

// discard removes the instance, also when the launch was cancelled meanwhile. What it fails to remove is left to
// Sweep.
func (s *Store) discard(ctx context.Context, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	if err := s.o.Engine.Remove(ctx, id); err != nil {
		s.log.WithError(err).WithField("container_id", id).Warn("install instance not removed")
	}
	s.working(id, false)
}

// working notes the instances that Sweep leaves alone.
func (s *Store) working(id string, yes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if yes {
		s.installs[id] = true
	} else {
		delete(s.installs, id)
	}
}
