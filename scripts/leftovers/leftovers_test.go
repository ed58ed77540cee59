package leftovers

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const label = "previewd.leftovers-test"

// TestSweep: what a process left that is gone goes, and nothing else.
func TestSweep(t *testing.T) {
	if _, err := docker(t.Context(), "version"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("no engine: ", err)
	}
	dead := exec.CommandContext(t.Context(), "true")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	prefix := fmt.Sprintf("test-%d-", os.Getpid())
	create := func(name, value string) string {
		name = prefix + name
		if _, err := docker(t.Context(), "volume", "create", "--label", label+"="+value, name); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = exec.Command("docker", "volume", "rm", "--force", name).Run() })
		return name
	}
	create("left", fmt.Sprint(prefix, dead.Process.Pid))
	living := create("living", fmt.Sprint(prefix, os.Getpid()))
	others := create("others", fmt.Sprint("other-", dead.Process.Pid))
	odd := create("odd", prefix+"x")
	if err := Sweep(t.Context(), label, prefix); err != nil {
		t.Error(err)
	}
	out, err := docker(t.Context(), "volume", "ls", "--quiet", "--filter", "label="+label, "--filter", "name="+prefix)
	if left := strings.Fields(out); err != nil || !slices.Equal(left, []string{living, odd, others}) {
		t.Errorf("left are %v, %v", left, err)
	}
}

func TestSweepTellsOfAnEngineThatIsAway(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix:///nowhere")
	if err := Sweep(t.Context(), label, "x"); err == nil || !strings.Contains(err.Error(), "docker ps: ") {
		t.Errorf("%v", err)
	}
}
