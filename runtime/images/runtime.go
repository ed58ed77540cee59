package images

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"

	"previewd/runtime/preview"
)

//go:embed node python go static common
var dockerfiles embed.FS

// versions head the tags, for people who list images.
var versions = map[preview.Runtime]string{
	preview.RuntimeNode: "24", preview.RuntimePython: "3.13", preview.RuntimeGo: "1.26", preview.RuntimeStatic: "1",
}

const caBundleName = "ca-certificates.crt"

// Runtime returns the tag of a runtime's image and builds the image first where the engine lacks it. progress gets
// a line for each step of a build; it may be nil. Errors are a *preview.Reason when the image cannot be had.
func (s *Store) Runtime(ctx context.Context, rt preview.Runtime, progress func(line string)) (string, error) {
	if versions[rt] == "" {
		return "", fmt.Errorf("runtime %q has no image", rt)
	}
	if progress == nil {
		progress = func(string) {}
	}
	if tag := s.known(rt); tag != "" {
		if ok, err := s.have(ctx, tag); ok || err != nil {
			return tag, err
		}
	}
	release, err := s.turns.take(ctx, "runtime/"+string(rt), func() {
		progress(fmt.Sprintf("waiting for the %s image, which is being built", rt))
	})
	if err != nil {
		return "", err
	}
	defer release()
	return s.ensureRuntime(ctx, rt, progress)
}

func (s *Store) ensureRuntime(ctx context.Context, rt preview.Runtime, progress func(string)) (string, error) {
	base, err := s.ensureBase(ctx, progress)
	if err != nil {
		return "", err
	}
	files, err := s.runtimeContext(rt)
	if err != nil {
		return "", err
	}
	tag := runtimeTag(rt, base, files)
	ok, err := s.have(ctx, tag)
	if err != nil {
		return "", err
	}
	if !ok {
		if err := s.buildRuntime(ctx, rt, tag, files, progress); err != nil {
			return "", err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runtimes[rt] = tag
	return tag, nil
}

func (s *Store) known(rt preview.Runtime) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.runtimes[rt]
}

// have reports whether the engine has an image.
func (s *Store) have(ctx context.Context, ref string) (bool, error) {
	_, err := s.o.Engine.ImageID(ctx, ref)
	if errors.Is(err, preview.ErrImageNotFound) {
		return false, nil
	}
	return err == nil, err
}

// runtimeContext is the build context of a runtime: its folder, what all share, and the CA bundle.
func (s *Store) runtimeContext(rt preview.Runtime) (map[string]file, error) {
	if len(s.o.CABundle) == 0 {
		return nil, fmt.Errorf("runtime image %s: no CA bundle to install", rt)
	}
	files := map[string]file{}
	for _, dir := range []string{string(rt), "common"} {
		entries, err := dockerfiles.ReadDir(dir)
		if err != nil {
			return nil, fmt.Errorf("runtime image %s: %w", rt, err)
		}
		for _, e := range entries {
			data, err := dockerfiles.ReadFile(path.Join(dir, e.Name()))
			if err != nil {
				return nil, fmt.Errorf("runtime image %s: %w", rt, err)
			}
			files[e.Name()] = file{mode: fs.FileMode(0o644), data: data}
		}
	}
	files[caBundleName] = file{mode: 0o644, data: s.o.CABundle}
	return files, nil
}

// runtimeTag names an image by all that it is made of: whoever finds the tag may use the image.
func runtimeTag(rt preview.Runtime, base string, files map[string]file) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n", base)
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(h, "%d %s %d\n", len(name), name, len(files[name].data))
		h.Write(files[name].data)
	}
	return repository + string(rt) + ":" + versions[rt] + "-" + hex.EncodeToString(h.Sum(nil))[:12]
}

func (s *Store) buildRuntime(ctx context.Context, rt preview.Runtime, tag string, files map[string]file, progress func(string)) error {
	began := s.o.Now()
	progress(fmt.Sprintf("building the %s image, once for this machine; this takes a minute", rt))
	var seen stages
	out := &lineWriter{emit: func(line string) {
		seen.see(line)
		if strings.HasPrefix(line, "Step ") {
			progress(fmt.Sprintf("%s image: %s", rt, shorten(line, 120)))
		}
	}}
	_, err := s.o.Engine.Build(ctx, preview.BuildSpec{
		Tag: tag, Dockerfile: "Dockerfile", Context: tarOf(files), Args: map[string]string{"BASE": s.o.Base},
		Labels: s.labels(imageRuntime, tag), Network: preview.NetworkInstall, Limits: s.o.BuildLimits,
	}, out)
	if err != nil {
		return runtimeFailed(rt, err, progress)
	}
	s.drop(ctx, &seen)
	progress(fmt.Sprintf("the %s image is built (%.0f s)", rt, s.o.Now().Sub(began).Seconds()))
	return nil
}

// runtimeFailed words a build that failed, and shows the lines that tell why; it is the operator's to repair.
func runtimeFailed(rt preview.Runtime, err error, progress func(string)) error {
	var failed *preview.BuildError
	if !errors.As(err, &failed) {
		return err
	}
	for _, line := range tail(failed.Lines) {
		progress(fmt.Sprintf("%s image: %s", rt, line))
	}
	return &preview.Reason{
		Code:    preview.InternalError,
		Message: fmt.Sprintf("The image for %s projects could not be built: %s", rt, shorten(failed.Message, 300)),
		Hint: "Package registries must be reachable from the engine's containers, and their certificates be in PREVIEW_CA_BUNDLE; " +
			"the last lines show what failed.",
		Evidence: &preview.Evidence{LastLines: tail(failed.Lines)},
	}
}
