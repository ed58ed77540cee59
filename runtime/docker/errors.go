package docker

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/client"

	"previewd/runtime/preview"
)

// EngineError wraps err with the operation, and with preview.ErrEngineUnavailable when the connection failed.
func EngineError(op string, err error) error {
	switch {
	case err == nil:
		return nil
	case connectionLost(err):
		return fmt.Errorf("%s: %w: %w", op, preview.ErrEngineUnavailable, err)
	}
	return fmt.Errorf("%s: %w", op, err)
}

// InstanceError is EngineError where "not found" means the instance.
func InstanceError(op, id string, err error) error {
	if cerrdefs.IsNotFound(err) {
		return fmt.Errorf("%s %s: %w", op, short(id), preview.ErrInstanceNotFound)
	}
	return EngineError(op+" "+short(id), err)
}

// imageError is EngineError where "not found" means the image.
func imageError(op, ref string, err error) error {
	if cerrdefs.IsNotFound(err) {
		return fmt.Errorf("%s %s: %w", op, ref, preview.ErrImageNotFound)
	}
	return EngineError(op+" "+ref, err)
}

// connectionLost tells the engine's absence from its answers. The SDK marks a failed dial only; a stream that
// breaks off arrives as a plain network error.
func connectionLost(err error) bool {
	if client.IsErrConnectionFailed(err) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return true
	}
	for _, e := range []error{syscall.ECONNREFUSED, syscall.ECONNRESET, syscall.EPIPE, syscall.ENOENT} {
		var op *net.OpError
		if errors.As(err, &op) && errors.Is(err, e) {
			return true
		}
	}
	// A stopping engine answers with 503.
	return cerrdefs.IsUnavailable(err) || strings.Contains(err.Error(), "Cannot connect to the Docker daemon")
}

func short(id string) string {
	if len(id) > 12 {
		return id[:12]
	}
	return id
}

// Unavailable says that an engine could not be asked, and why.
func Unavailable(op, why string) error {
	return fmt.Errorf("%s: %w: %s", op, preview.ErrEngineUnavailable, why)
}
