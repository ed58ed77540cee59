// Package leftovers removes what a test that was killed has left on the engine. A test puts a label on all it makes, whose value ends
// with the number of its process; the next run takes away what belongs to a process that is gone.
package leftovers

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// kinds of things, in the order in which they can be removed: a container holds its networks and volumes.
func kinds() [][2][]string {
	return [][2][]string{
		{{"ps", "--all", "--format", "{{.ID}}"}, {"rm", "--force", "--volumes"}},
		{{"network", "ls", "--format", "{{.ID}}"}, {"network", "rm"}},
		{{"volume", "ls", "--format", "{{.Name}}"}, {"volume", "rm", "--force"}},
	}
}

// Sweep removes the containers, networks and volumes that have the label with the prefix and the number of a process that is gone.
func Sweep(ctx context.Context, label, prefix string) error {
	var failed []error
	for _, kind := range kinds() {
		list, remove := kind[0], kind[1]
		list[len(list)-1] += fmt.Sprintf(` {{.Label %q}}`, label)
		out, err := docker(ctx, append(list, "--filter", "label="+label)...)
		failed = append(failed, err)
		for line := range strings.Lines(out) {
			id, owner, _ := strings.Cut(strings.TrimSpace(line), " ")
			if gone(owner, prefix) {
				_, err := docker(ctx, append(remove, id)...)
				failed = append(failed, err)
			}
		}
	}
	return errors.Join(failed...)
}

// gone reports whether this is the label of a test whose process has ended.
func gone(value, prefix string) bool {
	number, ours := strings.CutPrefix(value, prefix)
	pid, err := strconv.Atoi(number)
	return ours && err == nil && pid > 0 && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}

func docker(ctx context.Context, args ...string) (string, error) {
	var said strings.Builder
	cmd := exec.CommandContext(ctx, "docker", args...)
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("docker %s: %w: %s", args[0], err, strings.TrimSpace(said.String()))
	}
	return string(out), nil
}
