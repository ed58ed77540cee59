package docker

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/docker/docker/api/types/container"
	dockerspec "github.com/moby/docker-image-spec/specs-go/v1"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"previewd/runtime/preview"
)

func TestNewErrors(t *testing.T) {
	for _, o := range []Options{{}, {Owner: "two words"}, {Owner: "a=b"}, {Owner: "x", Host: "nonsense"}} {
		if _, err := New(o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}

func TestMemoryInUse(t *testing.T) {
	for name, c := range map[string]struct {
		m    container.MemoryStats
		want uint64
	}{
		"cgroup v1":        {container.MemoryStats{Usage: 100, Stats: map[string]uint64{"total_inactive_file": 30, "inactive_file": 10}}, 70},
		"cgroup v2":        {container.MemoryStats{Usage: 100, Stats: map[string]uint64{"inactive_file": 40}}, 60},
		"no detail":        {container.MemoryStats{Usage: 100}, 100},
		"more than in use": {container.MemoryStats{Usage: 100, Stats: map[string]uint64{"inactive_file": 400}}, 100},
	} {
		if got := memoryInUse(c.m); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestCPUPercent(t *testing.T) {
	at := time.Unix(100, 0)
	now := cpuReading{at: at, cpu: 3_000_000_000}
	for name, c := range map[string]struct {
		before any
		want   float64
	}{
		"first reading":   {nil, 0},
		"one core busy":   {cpuReading{at.Add(-time.Second), 2_000_000_000}, 100},
		"half a core":     {cpuReading{at.Add(-2 * time.Second), 2_000_000_000}, 50},
		"same moment":     {cpuReading{at, 2_000_000_000}, 0},
		"after a restart": {cpuReading{at.Add(-time.Second), 9_000_000_000}, 0},
	} {
		if got := cpuPercent(c.before, now); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestInstanceState(t *testing.T) {
	for s, want := range map[container.ContainerState]preview.InstanceState{
		"created": preview.InstanceCreated, "running": preview.InstanceRunning, "paused": preview.InstanceRunning,
		"restarting": preview.InstanceRunning, "exited": preview.InstanceExited, "removing": preview.InstanceRemoving, "dead": preview.InstanceRemoving,
	} {
		if got := instanceState(s); got != want {
			t.Errorf("%s is %s", s, got)
		}
	}
}

func TestImageConfigPorts(t *testing.T) {
	c := imageConfig(&dockerspec.DockerOCIImageConfig{ImageConfig: ocispec.ImageConfig{
		User: "app", WorkingDir: "/srv", Cmd: []string{"serve"}, Entrypoint: []string{"tini"}, Env: []string{"A=b=c", "GONE"},
		ExposedPorts: map[string]struct{}{"8080/tcp": {}, "53/udp": {}, "80": {}, "x/tcp": {}},
	}})
	if len(c.Ports) != 2 || c.Ports[0] != 80 || c.Ports[1] != 8080 {
		t.Errorf("ports %v", c.Ports)
	}
	if c.User != "app" || c.WorkDir != "/srv" || len(c.Env) != 1 || c.Env["A"] != "b=c" || c.Command[0] != "serve" || c.Entrypoint[0] != "tini" {
		t.Errorf("config %+v", c)
	}
}

func TestTailWriter(t *testing.T) {
	w := &tailWriter{out: io.Discard}
	for range 100 {
		_, _ = io.WriteString(w, "li")
		_, _ = io.WriteString(w, "ne\r\n\n")
	}
	_, _ = io.WriteString(w, strings.Repeat("x", 5000)+"\nopen")
	last := w.last()
	if len(last) != tailLines || last[0] != "line" || len(last[tailLines-2]) != tailBytes || last[tailLines-1] != "open" {
		t.Errorf("kept %d lines: %q", len(last), last)
	}
}

func TestBridgeNames(t *testing.T) {
	b := &Backend{o: Options{Owner: strings.Repeat("long-owner", 9)}}
	previews, install := b.Bridge(preview.NetworkPreviews), b.Bridge(preview.NetworkInstall)
	if previews == install || len(previews) > 15 || len(install) > 15 || b.Bridge(preview.NetworkNone) != "" {
		t.Errorf("bridges %q and %q", previews, install)
	}
}

func TestErrorsKeepTheirCause(t *testing.T) {
	cause := errors.New("cause")
	if err := EngineError("op", cause); !errors.Is(err, cause) || errors.Is(err, preview.ErrEngineUnavailable) {
		t.Errorf("got %v", err)
	}
	if EngineError("op", nil) != nil {
		t.Error("an error out of nothing")
	}
}
