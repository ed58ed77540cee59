package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"previewd/runtime/shim"
)

// flags spells the preview's service for docker service create, on a port of its own. What they leave out,
// differentTasks finds.
func (t *serviceTwin) flags(name, port string) ([]string, error) {
	task := t.of.Spec.TaskTemplate
	c := task.ContainerSpec
	env, command, err := ownCommand(c.Env)
	if err != nil {
		return nil, err
	}
	args := []string{
		"service", "create", "--detach", "--no-resolve-image", "--quiet", "--name", name, "--label", label,
		"--publish", "mode=host,target=" + port + ",published=" + port, "--env", "PORT=" + port,
		"--user", c.User, "--workdir", c.Dir, "--no-healthcheck", "--init=false", "--entrypoint", command[0],
		"--stop-signal", c.StopSignal, "--stop-grace-period", c.StopGracePeriod.String(),
		"--restart-condition", "none",
		"--limit-memory", number(task.Resources.Limits.MemoryBytes), "--limit-pids", number(task.Resources.Limits.Pids),
		"--limit-cpu", cpus(task.Resources.Limits.NanoCPUs), "--reserve-memory", number(task.Resources.Reservations.MemoryBytes),
		"--log-driver", task.LogDriver.Name,
	}
	args = append(args, repeat("--env", env)...)
	args = append(args, repeat("--cap-drop", c.CapabilityDrop)...)
	args = append(args, repeat("--dns", c.DNSConfig.Nameservers)...)
	args = append(args, repeat("--constraint", task.Placement.Constraints)...)
	args = append(args, pairs("--sysctl", "=", c.Sysctls)...)
	args = append(args, pairs("--log-opt", "=", task.LogDriver.Options)...)
	for _, u := range c.Ulimits {
		args = append(args, "--ulimit", fmt.Sprintf("%s=%d:%d", u.Name, u.Soft, u.Hard))
	}
	for _, m := range c.Mounts {
		args = append(args, "--mount", m.flag())
	}
	return append(append(args, c.Image), command[1:]...), nil
}

func cpus(nano int64) string { return strconv.FormatFloat(float64(nano)/1e9, 'f', 3, 64) }

func (m serviceMount) flag() string {
	words := []string{"type=" + m.Type, "target=" + m.Target}
	if m.Source != "" {
		words = append(words, "source="+m.Source)
	}
	if m.ReadOnly {
		words = append(words, "readonly")
	}
	if m.VolumeOptions.NoCopy {
		words = append(words, "volume-nocopy")
	}
	for _, name := range slices.Sorted(maps.Keys(m.VolumeOptions.Labels)) {
		words = append(words, "volume-label="+name+"="+m.VolumeOptions.Labels[name])
	}
	if m.TmpfsOptions.SizeBytes > 0 {
		words = append(words, "tmpfs-size="+number(m.TmpfsOptions.SizeBytes), fmt.Sprintf("tmpfs-mode=%o", m.TmpfsOptions.Mode))
	}
	return strings.Join(words, ",")
}

// ownCommand takes the app's command out of what the shim was told, and leaves the rest of the environment.
func ownCommand(all []string) (env, command []string, err error) {
	for _, entry := range all {
		name, value, _ := strings.Cut(entry, "=")
		switch name {
		case shim.EnvConfig:
			var config shim.Config
			if err := json.Unmarshal([]byte(value), &config); err != nil {
				return nil, nil, err
			}
			command = config.Command
		case "PORT":
		default:
			env = append(env, entry)
		}
	}
	if len(command) == 0 {
		return nil, nil, errors.New("the preview has no command to run with docker")
	}
	return env, command, nil
}

// taskMayDiffer are fields of a service that are its own: its command with the gate and the shim before it, which takes
// the files from its input, and what Create notes. Swarm counts ForceUpdate itself.
var taskMayDiffer = [...]string{"Command", "Args", "Env", "Labels", "OpenStdin", "Privileges", "ForceUpdate"}

// differentTasks tells every field in which a service made by hand differs from previewd's.
func differentTasks(ours, hand map[string]any) error {
	var found []string
	for _, part := range [][2]map[string]any{{ours, hand}, {fields(ours, "ContainerSpec"), fields(hand, "ContainerSpec")}} {
		for _, name := range union(part[0], part[1]) {
			a, b := plain(part[0][name]), plain(part[1][name])
			if name != "ContainerSpec" && !slices.Contains(taskMayDiffer[:], name) && !reflect.DeepEqual(a, b) {
				found = append(found, fmt.Sprintf("%s: %v, by hand %v", name, a, b))
			}
		}
	}
	if len(found) > 0 {
		return fmt.Errorf("docker service create's task differs from previewd's: %s", strings.Join(found, "; "))
	}
	return nil
}

func fields(of map[string]any, name string) map[string]any {
	inner, _ := of[name].(map[string]any)
	return inner
}
