package docker

import (
	"context"
	"fmt"
	"net"
	"strings"

	"github.com/docker/docker/api/types/container"

	"previewd/runtime/preview"
)

// Place tells where a running instance is dialled without the engine's proxy, a program that copies whatever comes to a published port by
// the loopback interface: at the instance's own address, where the previews' bridge is an interface of this machine. Elsewhere,
// with the engine on another host, in a virtual machine or beside previewd's container, the place is none.
//
// The engine gives an address to another instance only once it knows that this one has ended, and tells neither before the other. Errors:
// preview.ErrInstanceNotFound, preview.ErrEngineUnavailable.
func (b *Backend) Place(ctx context.Context, id string) (preview.Place, error) {
	c, err := b.api.ContainerInspect(ctx, id)
	if err != nil {
		return preview.Place{}, InstanceError("place", id, err)
	}
	if !b.own(c.Config.Labels) {
		return preview.Place{}, fmt.Errorf("place of %s: %w", short(id), preview.ErrInstanceNotFound)
	}
	if !b.isLocal() || c.State.Status != container.StateRunning || c.NetworkSettings == nil {
		return preview.Place{}, nil
	}
	at := c.NetworkSettings.Networks[b.NetworkName(preview.NetworkPreviews)]
	if at == nil || at.IPAddress == "" || !hasAddress(b.Bridge(preview.NetworkPreviews), at.Gateway) {
		return preview.Place{}, nil
	}
	return preview.Place{InstanceID: c.ID, Address: at.IPAddress, Since: c.State.StartedAt}, nil
}

// hasAddress reports whether an interface of this machine has the address.
func hasAddress(name, address string) bool {
	i, err := net.InterfaceByName(name)
	if err != nil {
		return false
	}
	found, err := i.Addrs()
	if err != nil {
		return false
	}
	for _, a := range found {
		if strings.HasPrefix(a.String(), address+"/") {
			return true
		}
	}
	return false
}
