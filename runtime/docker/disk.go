package docker

import (
	"context"
)

// DiskUsage returns the size of an instance's writable layer in bytes. Files that were deleted while still open are
// not in it.
func (b *Backend) DiskUsage(ctx context.Context, id string) (int64, error) {
	c, _, err := b.api.ContainerInspectWithRaw(ctx, id, true)
	if err != nil {
		return 0, instanceError("disk usage", id, err)
	}
	if c.SizeRw == nil {
		return 0, nil
	}
	return *c.SizeRw, nil
}
