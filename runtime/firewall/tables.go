package firewall

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// tables is one family's filter table, through the host's own iptables: what it is, nft or legacy, is what the
// engine uses, too.
type tables struct {
	program string // iptables or ip6tables
}

// rules returns the table's lines as `iptables -S` prints them.
func (t tables) rules(ctx context.Context) ([]string, error) {
	out, err := t.run(ctx, t.program, "", "-w", "5", "-S")
	if err != nil {
		return nil, err
	}
	return strings.Split(strings.TrimSpace(out), "\n"), nil
}

// restore carries a transaction out: all of its lines or none.
func (t tables) restore(ctx context.Context, lines []string) error {
	input := "*filter\n" + strings.Join(lines, "\n") + "\nCOMMIT\n"
	_, err := t.run(ctx, t.program+"-restore", input, "-w", "5", "--noflush")
	return err
}

func (t tables) run(ctx context.Context, program, input string, args ...string) (string, error) {
	path, err := find(program)
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Stdin = strings.NewReader(input)
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w: %s", program, err, firstLine(problems.String()))
	}
	return out.String(), nil
}

// find looks in the folders of system programs, too, which are not in every service's PATH.
func find(program string) (string, error) {
	path, err := exec.LookPath(program)
	if err == nil {
		return path, nil
	}
	for _, dir := range []string{"/usr/sbin", "/sbin"} {
		if path, err := exec.LookPath(filepath.Join(dir, program)); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no %s on this machine: %w", program, err)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
