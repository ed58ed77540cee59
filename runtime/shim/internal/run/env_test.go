package run

import (
	"os"
	"slices"
	"strings"
	"testing"
)

func TestTakeConfig(t *testing.T) {
	home := t.TempDir()
	c, env, err := takeConfig([]string{
		"A=b", `PREVIEWD_SHIM={"nonce":"n","port":4001,"command":["x"]}`, "PORT=1", "HOME=" + home, "PYTHONUNBUFFERED=",
	})
	if err != nil || c.Port != 4001 || c.Nonce != "n" {
		t.Fatalf("%+v %v", c, err)
	}
	slices.Sort(env)
	want := []string{"A=b", "HOME=" + home, "HOST=0.0.0.0", "PORT=4001", "PYTHONUNBUFFERED=1"}
	if !slices.Equal(env, want) {
		t.Errorf("%q", env)
	}
}

func TestHostOfTheProjectStays(t *testing.T) {
	if got := appEnv([]string{"HOST=::1"}, 4001); !slices.Contains(got, "HOST=::1") {
		t.Errorf("%q", got)
	}
}

func TestHome(t *testing.T) {
	for home, want := range map[string]string{"": "/tmp", "/": "/tmp", "/no/such/home": "/tmp", "/tmp": "/tmp"} {
		if got, _ := lookup(appEnv([]string{"HOME=" + home}, 1), "HOME"); got != want {
			t.Errorf("%q: %s", home, got)
		}
	}
}

func TestTakeConfigRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"A=b":                                    "not set",
		"PREVIEWD_SHIM={":                        "read PREVIEWD_SHIM",
		`PREVIEWD_SHIM={"port":0}`:               "port 0",
		`PREVIEWD_SHIM={"port":70000}`:           "port 70000",
		`PREVIEWD_SHIM={"port":80,"command":[]}`: "neither",
	} {
		if _, _, err := takeConfig([]string{in}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", in, err)
		}
	}
}

func TestMaxConns(t *testing.T) {
	if n := maxConns(); n < fewestConns || n > mostConns {
		t.Errorf("%d", n)
	}
}

func TestAddPython(t *testing.T) {
	dir := t.TempDir()
	for in, want := range map[string]string{"": dir, "/a:/b": dir + ":/a:/b", "/a:" + dir: dir + ":/a"} {
		if got, _ := lookup(addPython([]string{"PYTHONPATH=" + in}, dir), "PYTHONPATH"); got != want {
			t.Errorf("%q: %s", in, got)
		}
	}
	if got := addPython(nil, "/no/such/folder"); got != nil {
		t.Errorf("%q", got)
	}
}

// TestShrinkHasThreadsReady: the shim must not need a thread when the app has used up the container's processes.
func TestShrinkHasThreadsReady(t *testing.T) {
	shrink()
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil || len(threads) <= readyThreads {
		t.Errorf("%d threads, %v", len(threads), err)
	}
}
