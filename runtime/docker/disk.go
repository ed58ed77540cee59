package docker

import (
	"context"
)

// DiskUsage returns what an instance holds of the disk, in bytes: its writable layer, and the files that its processes
// deleted while still open, which no listing shows. Those are counted where the engine runs on this host and its
// processes may be looked at.
func (b *Backend) DiskUsage(ctx context.Context, id string) (int64, error) {
	ctx, cancel := b.asking(ctx)
	defer cancel()
	c, _, err := b.api.ContainerInspectWithRaw(ctx, id, true)
	if err != nil {
		return 0, InstanceError("disk usage", id, err)
	}
	var used int64
	if c.SizeRw != nil {
		used = *c.SizeRw
	}
	if c.State != nil && c.State.Pid > 0 && b.isLocal() {
		used += deletedBytes("/proc", c.State.Pid)
	}
	return used, nil
}
