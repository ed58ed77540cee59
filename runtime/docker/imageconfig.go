package docker

import (
	"context"
	"sort"
	"strconv"
	"strings"

	dockerspec "github.com/moby/docker-image-spec/specs-go/v1"

	"previewd/runtime/preview"
)

// ImageConfig tells how an image starts by itself, or preview.ErrImageNotFound.
func (b *Backend) ImageConfig(ctx context.Context, ref string) (preview.ImageConfig, error) {
	image, err := b.api.ImageInspect(ctx, ref)
	if err != nil {
		return preview.ImageConfig{}, imageError("config of image", ref, err)
	}
	if image.Config == nil {
		return preview.ImageConfig{}, nil
	}
	return imageConfig(image.Config), nil
}

func imageConfig(c *dockerspec.DockerOCIImageConfig) preview.ImageConfig {
	out := preview.ImageConfig{
		User: c.User, WorkDir: c.WorkingDir, Entrypoint: c.Entrypoint, Command: c.Cmd, Env: make(map[string]string),
		OnBuild: c.OnBuild,
	}
	for _, pair := range c.Env {
		if k, v, ok := strings.Cut(pair, "="); ok { // a bare name only takes a variable away, see Commit
			out.Env[k] = v
		}
	}
	for port := range c.ExposedPorts {
		number, proto, _ := strings.Cut(port, "/")
		if n, err := strconv.Atoi(number); err == nil && proto != "udp" && proto != "sctp" {
			out.Ports = append(out.Ports, n)
		}
	}
	sort.Ints(out.Ports)
	return out
}
