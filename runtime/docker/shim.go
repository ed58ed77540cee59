package docker

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync/atomic"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/mount"
	"github.com/docker/docker/api/types/volume"

	"previewd/runtime/shim"
)

// CABundle is where an instance with the shim finds Options.CABundle.
const CABundle = shim.Dir + "/ca-certificates.crt"

// caVariables make the common runtimes' clients trust CABundle.
var caVariables = []string{"SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO"}

// shimVolume remembers that the shim's volume is filled.
type shimVolume struct {
	turn  chan struct{} // holds one token: whoever has it may fill the volume
	ready atomic.Bool
}

// ForgetShim has EnsureShim look again: somebody found the volume empty.
func (b *Backend) ForgetShim() { b.shim.forget() }

func (s *shimVolume) forget() { s.ready.Store(false) }

// EnsureShim fills the volume that carries the shim's files, once per content; concurrent callers wait for the one
// at work.
func (b *Backend) EnsureShim(ctx context.Context) error {
	if b.shim.ready.Load() {
		return nil
	}
	if b.o.ShimFiles == nil || b.o.ShimDigest == "" {
		return errors.New("docker: no shim was configured")
	}
	select {
	case b.shim.turn <- struct{}{}:
		defer func() { <-b.shim.turn }()
	case <-ctx.Done():
		return fmt.Errorf("shim volume: %w", ctx.Err())
	}
	if b.shim.ready.Load() {
		return nil
	}
	for try := 1; ; try++ {
		err := b.fillShim(ctx)
		if err == nil {
			b.shim.ready.Store(true)
			return nil
		}
		if try == fillTries || !(cerrdefs.IsNotFound(err) || cerrdefs.IsConflict(err)) {
			return fmt.Errorf("shim volume: %w", err)
		}
	}
}

// fillTries: another previewd of this owner may take the helper, or the volume, for a leftover meanwhile.
const fillTries = 3

// HasShim looks whether the volume is there. One that is gone is filled anew by the next EnsureShim.
func (b *Backend) HasShim(ctx context.Context) (bool, error) {
	_, err := b.api.VolumeInspect(ctx, b.shimName())
	switch {
	case cerrdefs.IsNotFound(err):
		b.shim.forget()
		return false, nil
	case err != nil:
		return false, EngineError("inspect the shim's volume", err)
	}
	return true, nil
}

// RemoveShims removes the owner's shim volumes of any content, and the image that they were filled through; a volume in use is an error.
func (b *Backend) RemoveShims(ctx context.Context) error {
	b.shim.forget()
	err := b.removeVolumes(ctx, func(string, error) bool { return true })
	return errors.Join(err, b.RemoveImage(ctx, b.emptyName()))
}

// RemoveOldShims removes what earlier versions of the shim left behind; those that instances still stand on stay.
func (b *Backend) RemoveOldShims(ctx context.Context) error {
	current := b.shimName()
	return b.removeVolumes(ctx, func(name string, err error) bool { return name != current && !cerrdefs.IsConflict(err) })
}

// removeVolumes asks concerned about each of the owner's volumes before it removes it, with a nil error, and about a
// failure to do so.
func (b *Backend) removeVolumes(ctx context.Context, concerned func(name string, err error) bool) error {
	found, err := b.api.VolumeList(ctx, volume.ListOptions{Filters: b.ownFilter()})
	if err != nil {
		return EngineError("list volumes", err)
	}
	var failed []error
	for _, v := range found.Volumes {
		if !concerned(v.Name, nil) {
			continue
		}
		err := b.api.VolumeRemove(ctx, v.Name, false)
		if err != nil && !cerrdefs.IsNotFound(err) && concerned(v.Name, err) {
			failed = append(failed, EngineError("remove volume "+v.Name, err))
		}
	}
	return errors.Join(failed...)
}

func (b *Backend) mountShim(ctx context.Context, host *container.HostConfig) error {
	if err := b.EnsureShim(ctx); err != nil {
		return err
	}
	host.Mounts = append(host.Mounts, b.shimMount(true))
	return nil
}

// shimMount labels the volume, because the engine makes a missing one by itself.
func (b *Backend) shimMount(readOnly bool) mount.Mount {
	return mount.Mount{
		Type: mount.TypeVolume, Source: b.shimName(), Target: shim.Dir, ReadOnly: readOnly,
		VolumeOptions: &mount.VolumeOptions{NoCopy: true, Labels: b.ownLabels(nil)},
	}
}

// shimName names the volume by its content, so that a new shim never changes one that instances stand on.
func (b *Backend) shimName() string {
	sum := sha256.New()
	sum.Write([]byte(b.o.ShimDigest))
	sum.Write([]byte{0})
	sum.Write(b.o.CABundle)
	return "previewd-shim-" + b.ownerHash() + "-" + hex.EncodeToString(sum.Sum(nil)[:6])
}
