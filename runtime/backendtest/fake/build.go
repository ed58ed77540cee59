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
	tail := &tail{out: out}
	for in := bufio.NewScanner(bytes.NewReader(dockerfile)); in.Scan(); {
		word, rest, _ := strings.Cut(strings.TrimSpace(in.Text()), " ")
		if err := b.step(strings.ToUpper(word), rest, &config, tail); err != nil {
			return "", fmt.Errorf("build %s: %w", spec.Tag, &preview.BuildError{Message: err.Error(), Lines: tail.lines})
		}
	}
	return b.addImage(spec.Tag, config, labels(spec.Labels)), nil
}

// tail passes lines on and keeps them.
type tail struct {
	out   io.Writer
	lines []string
}

func (t *tail) say(line string) error {
	t.lines = append(t.lines, line)
	_, err := fmt.Fprintln(t.out, line)
	return err
}

func (b *Backend) step(word, rest string, config *preview.ImageConfig, out *tail) error {
	switch word {
	case "FROM":
		base := b.image(rest)
		if base == nil {
			return fmt.Errorf("pull access denied for %s", rest)
		}
		*config = base.config
	case "RUN":
		for command := range strings.SplitSeq(rest, " && ") {
			if code, ok := strings.CutPrefix(command, "exit "); ok {
				return fmt.Errorf("the command %q returned a non-zero code: %s", rest, code)
			}
			if err := out.say(strings.TrimPrefix(command, "echo ")); err != nil {
				return err
			}
		}
	}
	return nil
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
