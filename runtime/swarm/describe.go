package swarm

import (
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/mount"
	"github.com/docker/docker/api/types/swarm"

	"previewd/runtime/docker"
	"previewd/runtime/preview"
	"previewd/runtime/shim"
)

// stopGrace is what Swarm gives an instance of a node that is drained. previewd itself stops instances by their node's engine.
const stopGrace = 5 * time.Second

// describe says in Swarm's words what runtime/docker would make of a spec. It starts with no replica: that is Start's to add.
func (b *Backend) describe(spec preview.Spec, d docker.Description) swarm.ServiceSpec {
	none, once := uint64(0), uint64(0)
	labels := with(d.Config.Labels, labelImage, spec.Image)
	return swarm.ServiceSpec{
		Annotations: swarm.Annotations{Name: d.Name, Labels: labels},
		Mode:        swarm.ServiceMode{Replicated: &swarm.ReplicatedService{Replicas: &none}},
		TaskTemplate: swarm.TaskSpec{
			ContainerSpec: containerSpec(d, labels),
			Resources:     b.resources(d.Host.Resources),
			RestartPolicy: &swarm.RestartPolicy{Condition: swarm.RestartPolicyConditionNone, MaxAttempts: &once},
			Placement:     &swarm.Placement{Constraints: b.o.Constraints, Preferences: b.preferences()},
			LogDriver:     &swarm.Driver{Name: d.Host.LogConfig.Type, Options: d.Host.LogConfig.Config},
		},
		EndpointSpec: endpoint(spec.Port),
	}
}

// containerSpec puts the gate before the command: what is missing here is made up for before it opens, see supply.
func containerSpec(d docker.Description, labels map[string]string) *swarm.ContainerSpec {
	grace, c, h := stopGrace, d.Config, d.Host
	return &swarm.ContainerSpec{
		Image: d.ImageID, Labels: labels,
		Command: append([]string{shim.Binary, shim.Gate}, c.Entrypoint...), Args: c.Cmd,
		Env: c.Env, Dir: c.WorkingDir, User: c.User,
		Init: h.Init, StopSignal: c.StopSignal, StopGracePeriod: &grace, OpenStdin: true,
		Mounts: append(folders(h.Tmpfs), h.Mounts...), Healthcheck: c.Healthcheck,
		DNSConfig: &swarm.DNSConfig{Nameservers: h.DNS},
		Sysctls:   h.Sysctls, CapabilityDrop: h.CapDrop, Ulimits: h.Ulimits,
		Privileges:  &swarm.Privileges{NoNewPrivileges: true}, // engines before 27 do not know it: the gate sees to it
		OomScoreAdj: int64(h.OomScoreAdj),
	}
}

// folders says a runtime/docker tmpfs, whose options are words, in Swarm's fields.
func folders(tmpfs map[string]string) []mount.Mount {
	mounts := make([]mount.Mount, 0, len(tmpfs))
	for path, options := range tmpfs {
		m := mount.Mount{Type: mount.TypeTmpfs, Target: path, TmpfsOptions: &mount.TmpfsOptions{SizeBytes: 4 << 10, Mode: 0o555}}
		if m.ReadOnly = strings.HasPrefix(options, "ro,"); !m.ReadOnly {
			m.TmpfsOptions = &mount.TmpfsOptions{SizeBytes: 64 << 20, Mode: 0o1777}
		}
		mounts = append(mounts, m)
	}
	return mounts
}

// resources bound an instance, and set a part of its memory aside, so that Swarm knows when a node is full.
func (b *Backend) resources(r container.Resources) *swarm.ResourceRequirements {
	limits := &swarm.Limit{MemoryBytes: r.Memory, NanoCPUs: r.NanoCPUs}
	if r.PidsLimit != nil {
		limits.Pids = *r.PidsLimit
	}
	return &swarm.ResourceRequirements{
		Limits:       limits,
		Reservations: &swarm.Resources{MemoryBytes: r.Memory / 100 * int64(b.o.Reserve)},
	}
}

func (b *Backend) preferences() []swarm.PlacementPreference {
	var list []swarm.PlacementPreference
	for _, label := range b.o.Spread {
		list = append(list, swarm.PlacementPreference{Spread: &swarm.SpreadOver{SpreadDescriptor: label}})
	}
	return list
}

// endpoint publishes a port on the node itself, past Swarm's mesh, which would need ip_vs and hide who asks.
func endpoint(port int) *swarm.EndpointSpec {
	if port == 0 {
		return nil
	}
	return &swarm.EndpointSpec{Ports: []swarm.PortConfig{{
		Protocol: swarm.PortConfigProtocolTCP, PublishMode: swarm.PortConfigPublishModeHost,
		TargetPort: uint32(port), PublishedPort: uint32(port), //nolint:gosec // a port
	}}}
}
