package fake

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"path"
	"strings"

	"previewd/runtime/preview"
)

// Build reads the Dockerfile's FROM, RUN echo and RUN exit lines: enough for a build that works and one that fails.
func (b *Backend) Build(ctx context.Context, spec preview.BuildSpec, out io.Writer) (string, error) {
	if err := b.checked(ctx, "build"); err != nil {
		return "", err
	}
	dockerfile, err := readDockerfile(spec)
	if err != nil {
		return "", fmt.Errorf("build %s: %w", spec.Tag, err)
	}
	var config preview.ImageConfig
	var lines []string
	for in := bufio.NewScanner(bytes.NewReader(dockerfile)); in.Scan(); {
		word, rest, _ := strings.Cut(strings.TrimSpace(in.Text()), " ")
		line, err := b.step(strings.ToUpper(word), rest, &config)
		if err != nil {
			return "", fmt.Errorf("build %s: %w", spec.Tag, &preview.BuildError{Message: err.Error(), Lines: lines})
		}
		lines = append(lines, line)
		if _, err := fmt.Fprintln(out, line); err != nil {
			return "", fmt.Errorf("build %s: %w", spec.Tag, err)
		}
	}
	return b.addImage(spec.Tag, config, labels(spec.Labels)), nil
}

func (b *Backend) step(word, rest string, config *preview.ImageConfig) (line string, err error) {
	switch {
	case word == "FROM":
		base := b.image(rest)
		if base == nil {
			return "", fmt.Errorf("pull access denied for %s", rest)
		}
		*config = base.config
	case word == "RUN" && strings.HasPrefix(rest, "echo "):
		return strings.TrimPrefix(rest, "echo "), nil
	case word == "RUN" && strings.HasPrefix(rest, "exit "):
		return "", fmt.Errorf("The command %q returned a non-zero code: %s", rest, strings.TrimPrefix(rest, "exit ")) //nolint:staticcheck // the engine's words
	}
	return word + " " + rest, nil
}

func readDockerfile(spec preview.BuildSpec) ([]byte, error) {
	name := spec.Dockerfile
	if name == "" {
		name = "Dockerfile"
	}
	for in := tar.NewReader(spec.Context); ; {
		h, err := in.Next()
		if err == io.EOF {
			return nil, &preview.BuildError{Message: "cannot locate Dockerfile " + name}
		}
		if err != nil {
			return nil, err
		}
		if path.Clean(h.Name) == path.Clean(name) {
			return io.ReadAll(in)
		}
	}
}
