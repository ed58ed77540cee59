package images

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"time"

	"previewd/runtime/preview"
)

// ProjectRequest asks for an image built from a project's own Dockerfile.
type ProjectRequest struct {
	PreviewID    string
	GenerationID string
	UserID       string
	Root         string // the build context inside the tree, "." or "backend"
	Dockerfile   string // relative to Root, "" is "Dockerfile"
	Tree         fs.FS
	Limits       preview.Limits // of each step of the build
	Timeout      time.Duration  // of the whole build, 0 is unbounded

	// Slow, unless nil, is called before a wait for others and before a build. From then on the tree is not used: Again
	// gives the same one anew when the build begins.
	Slow  func()
	Again func(context.Context) (fs.FS, error)
}

// ProjectResult is a project's own image and how it starts.
type ProjectResult struct {
	Image   string
	Cached  bool
	User    string // "uid:gid" to run as, never root
	WorkDir string
	Command []string // entrypoint and command
	Port    int      // the lowest TCP port it exposes, 0 for none
}

// Project builds a project's own Dockerfile, or finds the image that the same user's same files gave before. The
// project's folder in the image belongs to uid 10001 unless the image already runs as another plain user. Output
// goes to sink. Errors are a *preview.Reason when the Dockerfile is at fault.
func (s *Store) Project(ctx context.Context, req ProjectRequest, sink Sink) (ProjectResult, error) {
	b, err := s.newBuild(req)
	if err != nil {
		return ProjectResult{}, err
	}
	if ok, err := s.cached(ctx, b.tag); err != nil {
		return ProjectResult{}, err
	} else if ok {
		return s.describe(ctx, b.tag, true)
	}
	if req.Slow != nil {
		req.Slow()
		b.Tree = nil
	}
	release, err := s.turns.take(ctx, b.tag, func() {
		sink.System(preview.Info, "another launch builds the same image; waiting for it")
	})
	if err != nil {
		return ProjectResult{}, err
	}
	defer release()
	ok, err := s.cached(ctx, b.tag)
	if err != nil {
		return ProjectResult{}, err
	}
	if !ok {
		s.o.Metrics.looked(imageProject, false)
		if err := s.buildInTurn(ctx, b, sink); err != nil {
			return ProjectResult{}, err
		}
		s.usage.touch(b.tag, s.o.Now())
	}
	return s.describe(ctx, b.tag, ok)
}

func (s *Store) buildInTurn(ctx context.Context, b *projectBuild, sink Sink) error {
	leave, err := s.enter(ctx, sink)
	if err != nil {
		return err
	}
	defer leave()
	if b.Tree == nil {
		if b.Tree, err = b.Again(ctx); err != nil {
			return err
		}
	}
	return s.build(ctx, b, sink)
}

// projectBuild is one project's build.
type projectBuild struct {
	ProjectRequest
	docker  *dockerfile
	tag     string
	replace map[string][]byte
	skip    func(name string) bool
}

func (s *Store) newBuild(req ProjectRequest) (*projectBuild, error) {
	if req.Dockerfile == "" {
		req.Dockerfile = "Dockerfile"
	}
	req.Dockerfile = path.Clean(req.Dockerfile)
	text, err := fs.ReadFile(req.Tree, path.Join(req.Root, req.Dockerfile))
	if err != nil {
		return nil, fmt.Errorf("dockerfile: %w", err)
	}
	parsed, err := parseDockerfile(text)
	if err != nil {
		return nil, err
	}
	skip, err := dockerIgnore(req.Tree, req.Root)
	if err != nil {
		return nil, err
	}
	b := &projectBuild{
		ProjectRequest: req, docker: parsed, skip: skip,
		replace: map[string][]byte{req.Dockerfile: parsed.text()},
	}
	h := sha256.New()
	if err := b.writeContext(h); err != nil {
		return nil, err
	}
	b.tag = projectRepo + ":" + keyOf([]string{s.o.Scope, req.UserID, req.Dockerfile, hex.EncodeToString(h.Sum(nil))})
	return b, nil
}

func (b *projectBuild) writeContext(w io.Writer) error {
	return writeTree(w, b.Tree, b.Root, b.replace, b.skip)
}

// build makes the project's image and gives its folder to the app's user.
func (s *Store) build(ctx context.Context, b *projectBuild, sink Sink) error {
	work := ctx
	if b.Timeout > 0 {
		var cancel context.CancelFunc
		work, cancel = context.WithTimeoutCause(ctx, b.Timeout, errInstallTimeout)
		defer cancel()
	}
	sink.System(preview.Info, "building the image of the project's own %s", b.Dockerfile)
	began := s.o.Now()
	err := s.buildSteps(work, b, sink)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && errors.Is(context.Cause(work), errInstallTimeout):
		return buildTimeout(b.Timeout)
	case err != nil:
		return err
	}
	sink.System(preview.Info, "image built in %.1f s; it is kept for the next launch", s.o.Now().Sub(began).Seconds())
	return nil
}

func (s *Store) buildSteps(ctx context.Context, b *projectBuild, sink Sink) error {
	if err := s.ensureBases(ctx, b.docker.bases(), sink); err != nil {
		return err
	}
	pr, pw := io.Pipe()
	defer func() { _ = pr.Close() }() // ends the writer when the engine does not read to the end
	go func() { _ = pw.CloseWithError(b.writeContext(pw)) }()
	id, err := s.runBuild(ctx, preview.BuildSpec{
		Dockerfile: b.Dockerfile, Context: pr, Network: preview.NetworkInstall, Limits: b.Limits,
	}, sink)
	if err != nil {
		return buildFailed(err)
	}
	return s.adopt(ctx, id, b, sink)
}

// runBuild builds, shows what is worth seeing of the output, and takes the unnamed stages away.
func (s *Store) runBuild(ctx context.Context, spec preview.BuildSpec, sink Sink) (string, error) {
	var seen stages
	out := &lineWriter{emit: func(line string) {
		seen.see(line)
		if !builderNoise(line) {
			sink.System(preview.Info, "%s", line)
		}
	}}
	id, err := s.o.Engine.Build(ctx, spec, out)
	out.flush()
	if err != nil {
		seen.end()
	}
	s.dropLate(ctx, &seen)
	return id, err
}

// describe tells how a project's image starts.
func (s *Store) describe(ctx context.Context, tag string, cached bool) (ProjectResult, error) {
	c, err := s.o.Engine.ImageConfig(ctx, tag)
	if err != nil {
		return ProjectResult{}, fmt.Errorf("project image: %w", err)
	}
	r := ProjectResult{
		Image: tag, Cached: cached, User: appUser, WorkDir: c.WorkDir,
		Command: append(append([]string{}, c.Entrypoint...), c.Command...),
	}
	if plainUser(c.User) {
		r.User = c.User
	}
	if r.WorkDir == "" {
		r.WorkDir = "/"
	}
	if len(c.Ports) > 0 {
		r.Port = c.Ports[0]
	}
	if len(r.Command) == 0 {
		return ProjectResult{}, noCommand()
	}
	return r, nil
}
