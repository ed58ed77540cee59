package swarm

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/swarm"

	"previewd/runtime/docker"
	"previewd/runtime/preview"
)

// supply is what an instance gets once it runs and before its gate opens.
type supply struct {
	memory  int64 // bytes, swap included
	network preview.Network
	files   []preview.Upload
	kept    [][]byte // the files' archives where they are laid out by the engine; a later run gets them again

	mu   sync.Mutex
	conn net.Conn // the instance's standard input while files go through it
}

// newSupply reads the files that the engine is to lay out, so that a bad archive is found here.
func newSupply(spec preview.Spec) (*supply, error) {
	s := &supply{memory: int64(spec.Limits.MemoryMB) << 20, network: spec.Network, files: spec.Files}
	if spec.FilesByStdin {
		return s, nil
	}
	defer s.close()
	for _, u := range spec.Files {
		archive, err := readArchive(u.Tar)
		if err != nil {
			return nil, fmt.Errorf("upload: %w", err)
		}
		s.kept = append(s.kept, archive)
	}
	return s, nil
}

func readArchive(r io.Reader) ([]byte, error) {
	if r == nil {
		return nil, nil
	}
	archive, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	in := tar.NewReader(bytes.NewReader(archive))
	for {
		if _, err := in.Next(); err == io.EOF {
			return archive, nil
		} else if err != nil {
			return nil, err
		}
	}
}

// uploads are the files as the engine is given them.
func (s *supply) uploads() []preview.Upload {
	list := make([]preview.Upload, len(s.kept))
	for i, archive := range s.kept {
		list[i] = s.files[i]
		list[i].Tar = bytes.NewReader(archive)
	}
	return list
}

// streamed reports whether process 1 takes the files by standard input.
func (s *supply) streamed() bool { return len(s.kept) == 0 && len(s.files) > 0 }

// close ends what is still going on, and lets go of the files.
func (s *supply) close() {
	s.mu.Lock()
	if s.conn != nil {
		_ = s.conn.Close()
		s.conn = nil
	}
	s.mu.Unlock()
	for _, u := range s.files {
		if c, ok := u.Tar.(io.Closer); ok {
			_ = c.Close()
		}
	}
}

// gateOpens is the byte that the gate waits for.
var gateOpens = []byte{'\n'}

// hand makes up for what Swarm has no word for, gives a running instance its files and opens its gate.
func (b *Backend) hand(ctx context.Context, s *supply, on *docker.Backend, found swarm.Node, containerID string) error {
	if s.memory > 0 { // Swarm knows no limit of swap, and the engine's default is as much again
		update := container.UpdateConfig{Resources: container.Resources{Memory: s.memory, MemorySwap: s.memory}}
		if _, err := on.API().ContainerUpdate(ctx, containerID, update); err != nil {
			return docker.InstanceError("limit", containerID, err)
		}
	}
	if err := b.closeIn(ctx, s.network, on, found, containerID); err != nil {
		return err
	}
	if uploads := s.uploads(); len(uploads) > 0 {
		if err := on.Upload(ctx, containerID, uploads); err != nil {
			return err
		}
	}
	in, err := on.API().ContainerAttach(ctx, containerID, container.AttachOptions{Stream: true, Stdin: true})
	if err != nil {
		return docker.InstanceError("attach to", containerID, err)
	}
	if _, err := in.Conn.Write(gateOpens); err != nil {
		in.Close()
		return docker.InstanceError("open", containerID, err)
	}
	if !s.streamed() {
		return in.Conn.Close() // the instance's end of it stays open
	}
	s.mu.Lock()
	s.conn = in.Conn
	s.mu.Unlock()
	go b.stream(context.WithoutCancel(ctx), s, in.Conn, on, containerID)
	return nil
}

// stream writes the files to the instance's standard input. That does not end with the connection, so an instance whose
// files broke off is killed: it would wait for the rest for ever.
func (b *Backend) stream(ctx context.Context, s *supply, conn net.Conn, on *docker.Backend, containerID string) {
	defer s.close()
	out := bufio.NewWriterSize(conn, 64<<10)
	err := errors.Join(docker.WriteFiles(out, s.files), out.Flush())
	if err == nil || errors.Is(err, net.ErrClosed) {
		return
	}
	b.log.WithError(err).WithField("container_id", containerID).Warn("an instance did not get its files")
	ctx, cancel := context.WithTimeout(ctx, cleanupTimeout)
	defer cancel()
	if err := on.Stop(ctx, containerID, 0); err != nil {
		b.log.WithError(err).Warn("and could not be ended")
	}
}
