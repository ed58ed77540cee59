package docker

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"path"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"

	"previewd/runtime/preview"
)

// Upload lays files out in an instance, whether it runs or not.
func (b *Backend) Upload(ctx context.Context, id string, uploads []preview.Upload) error {
	return b.upload(ctx, id, uploads)
}

// WriteFiles writes uploads as the one tar that an instance's process 1 takes by its standard input.
func WriteFiles(w io.Writer, uploads []preview.Upload) error { return writeUploads(w, uploads, nil) }

// upload lays all files out in one request: each one mounts the instance's file system anew. Owners go with the
// tar's headers, because the engine's copy-uid option looks the uid up in the image's passwd.
func (b *Backend) upload(ctx context.Context, id string, uploads []preview.Upload) error {
	if len(uploads) == 0 {
		return nil
	}
	missing, err := b.missingParents(ctx, id, uploads)
	if err != nil {
		return err
	}
	r, w := io.Pipe()
	failed := make(chan error, 1)
	go func() {
		err := writeUploads(w, uploads, missing)
		w.CloseWithError(err)
		failed <- err
	}()
	err = b.api.CopyToContainer(ctx, id, "/", r, container.CopyToContainerOptions{AllowOverwriteDirWithFile: true})
	_ = r.Close() // ends the writer when the engine stopped reading
	if bad := <-failed; bad != nil && !errors.Is(bad, io.ErrClosedPipe) {
		return EngineError("upload", bad) // the archive's own fault, which the engine sees as a broken request
	}
	return InstanceError("upload to", id, err)
}

// missingParents returns the folders above the uploads' own that the image lacks: the engine would make them
// writable for everybody. Folders right below the root have none, and cost no question.
func (b *Backend) missingParents(ctx context.Context, id string, uploads []preview.Upload) (map[string]bool, error) {
	missing := make(map[string]bool)
	for _, u := range uploads {
		for dir := path.Dir(path.Clean(u.Dir)); dir != "/" && dir != "."; dir = path.Dir(dir) {
			_, err := b.api.ContainerStatPath(ctx, id, dir)
			if err == nil {
				break
			}
			if !cerrdefs.IsNotFound(err) {
				return nil, InstanceError("upload to", id, err)
			}
			missing[dir] = true
		}
	}
	return missing, nil
}

func writeUploads(w io.Writer, uploads []preview.Upload, missing map[string]bool) error {
	out := tar.NewWriter(w)
	for _, u := range uploads {
		if err := writeUpload(out, u, missing); err != nil {
			return err
		}
	}
	return out.Close()
}
