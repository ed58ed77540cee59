package docker

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"

	"github.com/docker/docker/api/types/container"

	"previewd/runtime/preview"
)

// feedBuffer gathers what a tar writer writes in small pieces, bytes.
const feedBuffer = 64 << 10

// feed writes the files to the instance's standard input, where its process 1 waits for them, once it runs. It ends
// at the latest with the instance's removal. An archive that turns out to be bad breaks off, which process 1 notices.
func (b *Backend) feed(ctx context.Context, id string, uploads []preview.Upload) error {
	conn, err := b.api.ContainerAttach(ctx, id, container.AttachOptions{Stream: true, Stdin: true})
	if err != nil {
		return InstanceError("attach to", id, err)
	}
	b.feeds.Store(id, conn.Conn)
	go func() {
		defer b.endFeed(id)
		defer closeFiles(uploads)
		out := bufio.NewWriterSize(conn.Conn, feedBuffer)
		if err := errors.Join(writeUploads(out, uploads, nil), out.Flush()); err != nil && !errors.Is(err, net.ErrClosed) {
			b.log.WithError(err).WithField("container_id", short(id)).Warn("an instance did not get its files")
		}
	}()
	return nil
}

// endFeed closes the connection, if there is one.
func (b *Backend) endFeed(id string) {
	if conn, ok := b.feeds.LoadAndDelete(id); ok {
		_ = conn.(net.Conn).Close() //nolint:forcetypeassert // feed stores nothing else
	}
}

func closeFiles(uploads []preview.Upload) {
	for _, u := range uploads {
		if c, ok := u.Tar.(io.Closer); ok {
			_ = c.Close()
		}
	}
}
