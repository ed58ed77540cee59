package docker

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"time"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/go-connections/nat"

	"previewd/runtime/preview"
)

// cleanupTimeout bounds what is undone after the caller has given up.
const cleanupTimeout = 15 * time.Second

// Create makes an instance and lays its files out, or has them ready for its start; it does not run yet. A failed
// Create leaves nothing behind. Errors: preview.ErrImageNotFound, preview.ErrEngineUnavailable.
func (b *Backend) Create(ctx context.Context, spec preview.Spec) (string, error) {
	id, err := b.create(ctx, spec)
	if err != nil || !feeds(spec) {
		closeFiles(spec.Files)
	}
	return id, err
}

func feeds(spec preview.Spec) bool { return spec.FilesByStdin && len(spec.Files) > 0 }

// Description is what a container of a spec is made from.
type Description struct {
	Name    string
	ImageID string
	Config  *container.Config
	Host    *container.HostConfig
}

// Describe tells what Create would make of a spec, for runtime/swarm, whose services are held to the same isolation.
func (b *Backend) Describe(ctx context.Context, spec preview.Spec) (Description, error) {
	image, err := b.api.ImageInspect(ctx, spec.Image)
	if err != nil {
		return Description{}, imageError("create", spec.Image, err)
	}
	var volumes map[string]struct{}
	if image.Config != nil {
		volumes = image.Config.Volumes
	}
	host := b.hostConfig(spec, volumes)
	if spec.Shim {
		if err := b.mountShim(ctx, host); err != nil {
			return Description{}, err
		}
	}
	return Description{Name: instanceName(spec), ImageID: image.ID, Config: b.config(spec), Host: host}, nil
}

func (b *Backend) create(ctx context.Context, spec preview.Spec) (string, error) {
	d, err := b.Describe(ctx, spec)
	if err != nil {
		return "", err
	}
	host := d.Host
	began := time.Now()
	if spec.Limits.DiskMB > 0 && b.quotaWorks(ctx, spec.Image) {
		host.StorageOpt = storageOpt(spec.Limits.DiskMB)
	}
	id, err := b.createContainer(ctx, spec, d)
	if err != nil {
		return "", err
	}
	created := time.Now()
	handOver := b.upload
	if feeds(spec) {
		handOver = b.feed
	}
	if err := handOver(ctx, id, spec.Files); err != nil {
		return "", errors.Join(err, b.undoCreate(ctx, id))
	}
	b.log.WithFields(map[string]any{
		"container_id": short(id), "preview_id": spec.PreviewID,
		"create_ms": created.Sub(began).Milliseconds(), "upload_ms": time.Since(created).Milliseconds(),
	}).Debug("instance created")
	return id, nil
}

func (b *Backend) createContainer(ctx context.Context, spec preview.Spec, d Description) (string, error) {
	made, err := b.api.ContainerCreate(ctx, d.Config, d.Host, &network.NetworkingConfig{}, nil, d.Name)
	if cerrdefs.IsNotFound(err) {
		return "", imageError("create", spec.Image, err) // removed since it was inspected
	}
	return made.ID, EngineError("create instance", err)
}

func (b *Backend) config(spec preview.Spec) *container.Config {
	c := &container.Config{
		Image:      spec.Image,
		Entrypoint: spec.Entrypoint,
		Cmd:        spec.Command,
		Env:        envList(b.env(spec)),
		WorkingDir: spec.WorkDir,
		User:       spec.User,
		StopSignal: spec.StopSignal,
		Labels:     b.instanceLabels(spec),
		// An image's own health check would run inside the instance beside the app, unseen by the limits' owner.
		Healthcheck: &container.HealthConfig{Test: []string{"NONE"}},
		// Development servers such as Vite leave when their stdin ends; installs must not wait for an answer.
		OpenStdin: spec.Kind == preview.KindPreview,
		StdinOnce: feeds(spec), // it ends with the files
	}
	if c.StopSignal == "" {
		c.StopSignal = "SIGTERM"
	}
	if spec.Port > 0 {
		c.ExposedPorts = nat.PortSet{tcpPort(spec.Port): {}}
	}
	return c
}

func tcpPort(port int) nat.Port { return nat.Port(fmt.Sprintf("%d/tcp", port)) }

func envList(env map[string]string) []string {
	list := make([]string, 0, len(env))
	for k, v := range env {
		list = append(list, k+"="+v)
	}
	sort.Strings(list)
	return list
}

func (b *Backend) undoCreate(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	return b.Remove(ctx, id)
}
