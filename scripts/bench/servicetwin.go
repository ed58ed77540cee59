package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"previewd/runtime/swarm/swarmtest"
)

// service is what docker service inspect says of one, as far as docker service create has to be told.
type service struct {
	Spec struct{ TaskTemplate taskTemplate }
	all  map[string]any // the task template as it was told
}

type taskTemplate struct {
	ContainerSpec struct {
		Image, Dir, User string
		Env              []string
		Mounts           []serviceMount
		CapabilityDrop   []string
		DNSConfig        struct{ Nameservers []string }
		Ulimits          []struct {
			Name       string
			Soft, Hard int64
		}
		Sysctls         map[string]string
		StopSignal      string
		StopGracePeriod time.Duration
	}
	Resources struct {
		Limits       struct{ MemoryBytes, NanoCPUs, Pids int64 }
		Reservations struct{ MemoryBytes, NanoCPUs int64 }
	}
	Placement struct{ Constraints []string }
	LogDriver struct {
		Name    string
		Options map[string]string
	}
}

type serviceMount struct {
	Type, Source, Target string
	ReadOnly             bool
	VolumeOptions        struct {
		NoCopy bool
		Labels map[string]string
	}
	TmpfsOptions struct {
		SizeBytes int64
		Mode      os.FileMode
	}
}

// serviceTwin is a preview as docker service create would start it: the same image, limits and flags, and the app's own
// command.
type serviceTwin struct {
	nodes *swarmtest.Bed
	of    service
	port  int // of the run that comes next
}

// makeServiceTwin copies the running preview of a generation.
func makeServiceTwin(ctx context.Context, nodes *swarmtest.Bed, generation string) (*serviceTwin, error) {
	t := &serviceTwin{nodes: nodes, port: twinPort}
	id, err := t.docker(ctx, "service", "ls", "--quiet", "--filter", "label=previewd.generation="+generation)
	if err == nil && id == "" {
		err = fmt.Errorf("no service of %s", generation)
	}
	if err == nil {
		t.of, err = t.inspect(ctx, id)
	}
	return t, err
}

// docker runs docker's command line against the manager.
func (t *serviceTwin) docker(ctx context.Context, args ...string) (string, error) {
	return t.dockerOn(ctx, 1, args...)
}

func (t *serviceTwin) dockerOn(ctx context.Context, node int, args ...string) (string, error) {
	return docker(ctx, append([]string{"--host", t.nodes.Socket(node)}, args...)...)
}

func (t *serviceTwin) inspect(ctx context.Context, id string) (service, error) {
	var list []service
	var all []struct {
		Spec struct{ TaskTemplate map[string]any }
	}
	text, err := t.docker(ctx, "service", "inspect", id)
	if err == nil {
		err = errors.Join(json.Unmarshal([]byte(text), &list), json.Unmarshal([]byte(text), &all))
	}
	if err != nil {
		return service{}, err
	}
	if len(list) != 1 {
		return service{}, fmt.Errorf("docker service inspect %s tells of %d services", id, len(list))
	}
	list[0].all = all[0].Spec.TaskTemplate
	return list[0], nil
}

// run starts the twin on a port that nothing had before, and removes it at its first 2xx, which took the returned
// milliseconds. Which node it is on shows by which answers.
func (t *serviceTwin) run(ctx context.Context) (float64, error) {
	port := strconv.Itoa(t.port)
	t.port++
	name := "previewd-bench-" + port
	args, err := t.flags(name, port)
	if err != nil {
		return 0, err
	}
	begin := time.Now()
	id, err := t.docker(ctx, args...)
	if err != nil {
		return 0, err
	}
	err = t.awaitAnyNode(ctx, port)
	took := since(begin)
	if err == nil {
		var made service
		if made, err = t.inspect(ctx, id); err == nil {
			err = differentTasks(t.of.all, made.all)
		}
	}
	return took, errors.Join(err, t.remove(ctx, name))
}

// awaitAnyNode asks all nodes at once until one answers with the port.
func (t *serviceTwin) awaitAnyNode(ctx context.Context, port string) error {
	ctx, cancel := context.WithTimeout(ctx, launchTime)
	defer cancel()
	answers := make(chan error, t.nodes.Nodes)
	for node := range t.nodes.Nodes {
		go func() {
			body, err := await2xx(ctx, "http://"+t.nodes.Host(node+1)+":"+port)
			if err == nil && string(body) != port {
				err = fmt.Errorf("on port %s somebody else answers: %q", port, body)
			}
			answers <- err
		}()
	}
	return <-answers
}

// remove returns when the service's container is gone, too, so that it burdens nothing that is measured next.
func (t *serviceTwin) remove(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), launchTime)
	defer cancel()
	if _, err := t.docker(ctx, "service", "rm", name); err != nil {
		return err
	}
	for node := range t.nodes.Nodes {
		for {
			left, err := t.dockerOn(ctx, node+1, "ps", "--all", "--quiet", "--filter", "label=com.docker.swarm.service.name="+name)
			if err != nil {
				return err
			}
			if left == "" {
				break
			}
			if err := pause(ctx, 50*time.Millisecond); err != nil {
				return err
			}
		}
	}
	return nil
}

// onlyOn has Swarm place what comes next on one node, or again on all for node 0.
func (t *serviceTwin) onlyOn(ctx context.Context, node int) error {
	for other := range t.nodes.Nodes {
		availability := "active"
		if node != 0 && other+1 != node {
			availability = "pause"
		}
		if _, err := t.docker(ctx, "node", "update", "--availability", availability, t.nodes.Name(other+1)); err != nil {
			return err
		}
	}
	return nil
}
