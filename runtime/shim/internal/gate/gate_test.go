package gate

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestMain turns the test binary into the gate, which replaces its process.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "gate" {
		os.Exit(Main(os.Args[2:]))
	}
	os.Exit(m.Run())
}

// pass runs a command behind the gate with an input and returns its output and its exit code.
func pass(t *testing.T, in io.Reader, command ...string) (string, int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, append([]string{"gate"}, command...)...)
	cmd.Stdin = in
	out, _ := cmd.CombinedOutput() // the exit code says it
	return string(out), cmd.ProcessState.ExitCode()
}

func TestWhatFollowsTheByteIsTheCommands(t *testing.T) {
	out, code := pass(t, strings.NewReader("\nthe rest"), "cat")
	if out != "the rest" || code != 0 {
		t.Errorf("%q, exit %d", out, code)
	}
}

func TestThereAreNoNewPrivilegesBehindTheGate(t *testing.T) {
	out, _ := pass(t, strings.NewReader("\n"), "grep", "NoNewPrivs", "/proc/self/status")
	if strings.Join(strings.Fields(out), " ") != "NoNewPrivs: 1" {
		t.Errorf("the command has %q", out)
	}
}

func TestTheCommandsExitCodeIsTheGates(t *testing.T) {
	if out, code := pass(t, strings.NewReader("\n"), "/bin/sh", "-c", "exit 7"); code != 7 {
		t.Errorf("exit %d, %q", code, out)
	}
}

func TestAGateThatNobodyOpensRunsNothing(t *testing.T) {
	out, code := pass(t, new(bytes.Buffer), "echo", "ran")
	if code != exitClosed || strings.Contains(out, "ran\n") {
		t.Errorf("exit %d, %q", code, out)
	}
}

func TestWithoutACommand(t *testing.T) {
	for _, command := range [][]string{nil, {"no-such-command"}} {
		if out, code := pass(t, strings.NewReader("\n"), command...); code != exitNotFound || !strings.HasPrefix(out, "previewd's gate: ") {
			t.Errorf("%v: exit %d, %q", command, code, out)
		}
	}
}
