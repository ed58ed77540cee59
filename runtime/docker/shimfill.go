package docker

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"path"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/docker/api/types/volume"

	"previewd/runtime/shim"
)

// shimMarker is written last: a volume without it was left by a process that died half-way, and is filled again.
const shimMarker = ".complete"

// fillShim writes the volume through a container that is never started, which needs nothing of any image.
func (b *Backend) fillShim(ctx context.Context) error {
	name := b.shimName()
	if _, err := b.api.VolumeCreate(ctx, volume.CreateOptions{Name: name, Labels: b.ownLabels(nil)}); err != nil {
		return EngineError("create volume", err)
	}
	helper, err := b.shimHelper(ctx)
	if err != nil {
		return err
	}
	err = b.fillThrough(ctx, helper)
	return errors.Join(err, b.undoCreate(ctx, helper))
}

func (b *Backend) fillThrough(ctx context.Context, helper string) error {
	_, err := b.api.ContainerStatPath(ctx, helper, path.Join(shim.Dir, shimMarker))
	if err == nil {
		return nil // filled by an earlier process
	}
	if !cerrdefs.IsNotFound(err) {
		return EngineError("look for files", err)
	}
	files, err := b.o.ShimFiles()
	if err != nil {
		return err
	}
	if c, ok := files.(io.Closer); ok {
		defer func() { _ = c.Close() }() // read only
	}
	r, w := io.Pipe()
	go func() { w.CloseWithError(b.writeShim(w, files)) }()
	err = b.api.CopyToContainer(ctx, helper, shim.Dir, r, container.CopyToContainerOptions{})
	_ = r.Close() // ends the writer when the engine stopped reading
	return EngineError("copy files", err)
}

// writeShim writes the shim's files, owned by root and readable by all, then the CA bundle, then the marker.
func (b *Backend) writeShim(w io.Writer, files io.Reader) error {
	out := tar.NewWriter(w)
	for in := tar.NewReader(files); ; {
		h, err := in.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		h = &tar.Header{Typeflag: h.Typeflag, Name: h.Name, Linkname: h.Linkname, Size: h.Size, Mode: h.Mode&0o755 | 0o444}
		if err := out.WriteHeader(h); err != nil {
			return err
		}
		if _, err := io.Copy(out, in); err != nil {
			return err
		}
	}
	if err := writeFile(out, path.Base(CABundle), b.o.CABundle); err != nil {
		return err
	}
	if err := writeFile(out, shimMarker, []byte(b.o.ShimDigest)); err != nil {
		return err
	}
	return out.Close()
}

func writeFile(out *tar.Writer, name string, content []byte) error {
	if len(content) == 0 {
		return nil
	}
	if err := out.WriteHeader(&tar.Header{Name: name, Size: int64(len(content)), Mode: 0o444}); err != nil {
		return err
	}
	_, err := out.Write(content)
	return err
}

// shimHelper creates the container that the volume is filled through.
func (b *Backend) shimHelper(ctx context.Context) (string, error) {
	ref, err := b.emptyImage(ctx)
	if err != nil {
		return "", err
	}
	host := &container.HostConfig{NetworkMode: "none"}
	host.Mounts = append(host.Mounts, b.shimMount(false))
	config := &container.Config{Image: ref, Cmd: []string{"never-started"}, Labels: b.ownLabels(nil)}
	made, err := b.api.ContainerCreate(ctx, config, host, &network.NetworkingConfig{}, nil, "previewd-shim-"+randomHex())
	return made.ID, EngineError("create helper", err)
}

// emptyImage makes an image without files. It weighs nothing and stays as long as its owner's volumes.
func (b *Backend) emptyImage(ctx context.Context) (string, error) {
	ref := b.emptyName()
	if _, err := b.api.ImageInspect(ctx, ref); err == nil {
		return ref, nil
	}
	var none bytes.Buffer
	if err := tar.NewWriter(&none).Close(); err != nil {
		return "", err
	}
	body, err := b.api.ImageImport(ctx, image.ImportSource{Source: &none, SourceName: "-"}, ref,
		image.ImportOptions{Changes: []string{"LABEL " + LabelOwner + "=" + b.o.Owner}})
	if err != nil {
		return "", EngineError("make empty image", err)
	}
	defer func() { _ = body.Close() }() // read only
	_, err = RelayProgress(body, io.Discard)
	return ref, EngineError("make empty image", err)
}

func (b *Backend) emptyName() string { return "previewd-empty:" + b.ownerHash() }
