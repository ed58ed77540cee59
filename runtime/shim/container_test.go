package shim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"previewd/runtime/shim"
	"previewd/runtime/shim/internal/testapp"
	"previewd/runtime/shim/shimtest"
)

const (
	baseImage = "debian:trixie-slim"
	testLabel = "previewd.test=shim"
	nonce     = "0123456789abcdef0123456789abcdef"
	patience  = 30 * time.Second
)

func TestMain(m *testing.M) {
	if testapp.Is() {
		testapp.Run()
	}
	os.Exit(m.Run())
}

// container is a preview's container as hardened as the real ones, made with the engine's command line.
type container struct {
	t    *testing.T
	id   string
	port int // of the host and of the container
}

func docker(t *testing.T, stdin io.Reader, args ...string) string {
	t.Helper()
	var errs bytes.Buffer
	cmd := exec.Command("docker", args...)
	cmd.Stdin, cmd.Stderr = stdin, &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("docker %s: %v: %s", args[0], err, errs.String())
	}
	return strings.TrimSpace(string(out))
}

func needEngine(t *testing.T) {
	t.Helper()
	err := exec.Command("docker", "image", "inspect", baseImage).Run()
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatalf("needs a Docker engine with %s: %v", baseImage, err)
	case err != nil:
		t.Skipf("needs a Docker engine with %s: %v", baseImage, err)
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	return ln.Addr().(*net.TCPAddr).Port
}

// run starts a container whose app goes through the steps.
func run(t *testing.T, c shim.Config, steps ...string) *container {
	t.Helper()
	needEngine(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctr := &container{t: t, port: freePort(t)}
	c.Nonce, c.Port = nonce, ctr.port
	if len(c.Command) == 0 && c.StaticDir == "" {
		c.Command = append([]string{"/app", testapp.Arg}, steps...)
	}
	config, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	volume := docker(t, nil, "volume", "create", "--label", testLabel)
	t.Cleanup(func() { docker(t, nil, "volume", "rm", "-f", volume) })
	ctr.id = docker(t, nil, "create", "--label", testLabel, "--user", "10001:10001", "--cap-drop", "ALL",
		"--security-opt", "no-new-privileges", "--sysctl", "net.ipv6.conf.lo.disable_ipv6=0", "--pids-limit", "128", "--memory", "256m",
		"-v", volume+":"+shim.Dir, "-p", fmt.Sprintf("127.0.0.1:%d:%d", ctr.port, ctr.port),
		"-e", shim.EnvConfig+"="+string(config), "--entrypoint", shim.Binary, baseImage)
	t.Cleanup(func() { docker(t, nil, "rm", "-f", ctr.id) })
	docker(t, bytes.NewReader(shimtest.Files(t)), "cp", "-", ctr.id+":"+shim.Dir)
	docker(t, nil, "cp", self, ctr.id+":/app")
	docker(t, nil, "start", ctr.id)
	return ctr
}

// logs returns the app's lines and the shim's reports.
func (c *container) logs() (output []string, reports []shim.Report) {
	c.t.Helper()
	out, err := exec.Command("docker", "logs", c.id).CombinedOutput()
	if err != nil {
		c.t.Fatal(err)
	}
	for line := range bytes.Lines(out) {
		before, r, ok := shim.ParseReport(nonce, bytes.TrimRight(line, "\n"))
		if ok {
			reports = append(reports, r)
		}
		if len(before) > 0 {
			output = append(output, string(before))
		}
	}
	return output, reports
}

func (c *container) eventually(what string, ok func() bool) {
	c.t.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			output, reports := c.logs()
			c.t.Fatalf("waited %v for: %s\n%q\n%+v", patience, what, output, reports)
		}
	}
}

func (c *container) answers(want string) {
	c.t.Helper()
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	c.eventually("an answer on the host's port: "+want, func() bool {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/", c.port), nil)
		if err != nil {
			c.t.Fatal(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			return false
		}
		defer func() { _ = resp.Body.Close() }()
		body, _ := io.ReadAll(resp.Body)
		return string(body) == want
	})
}

func (c *container) reported(kind shim.ReportKind) (found shim.Report) {
	c.t.Helper()
	c.eventually("report "+string(kind), func() bool {
		_, reports := c.logs()
		for _, r := range reports {
			if r.Kind == kind {
				found = r
				return true
			}
		}
		return false
	})
	return found
}

func TestContainerReachesAnyAddress(t *testing.T) {
	for _, step := range []string{"http=:3000", "http=127.0.0.1:3000", "http=127.0.0.1:5173", "http6=[::1]:3000", "http6=[::]:3000"} {
		t.Run(step, func(t *testing.T) {
			c := run(t, shim.Config{}, "sleep=100ms", step)
			_, addr, _ := strings.Cut(step, "=")
			c.answers("hello from " + addr)
			if r := c.reported(shim.ReportListening); !r.Forwarded || len(r.Addresses) != 1 {
				t.Errorf("%+v", r)
			}
		})
	}
}

// TestContainerHidesTheNonce: the app has the shim's uid and still cannot read its environment or memory.
func TestContainerHidesTheNonce(t *testing.T) {
	c := run(t, shim.Config{}, "read=/proc/1/environ", "read=/proc/1/mem", "read=/proc/self/net/tcp", "env=HOME", "http=127.0.0.1:3000")
	c.answers("hello from 127.0.0.1:3000")
	output, _ := c.logs()
	got := strings.Join(output, "\n")
	for _, want := range []string{"/proc/1/environ: 0 bytes, open /proc/1/environ: permission denied", "open /proc/1/mem: permission denied", "HOME=/tmp true"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	if strings.Contains(got, nonce) {
		t.Error("the app printed the nonce")
	}
}

func TestContainerStopsAtOnce(t *testing.T) {
	c := run(t, shim.Config{}, "http=0.0.0.0:3000")
	c.reported(shim.ReportListening)
	began := time.Now()
	docker(t, nil, "stop", "-t", "20", c.id)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	if code := docker(t, nil, "inspect", "-f", "{{.State.ExitCode}}", c.id); code != "143" {
		t.Errorf("exit code %s", code)
	}
	if r := c.reported(shim.ReportExited); r.Signal != "SIGTERM" {
		t.Errorf("%+v", r)
	}
}

func TestContainerReportsActivity(t *testing.T) {
	c := run(t, shim.Config{ActivitySeconds: 1}, "http=127.0.0.1:3000")
	c.answers("hello from 127.0.0.1:3000")
	c.reported(shim.ReportActivity)
}

// oneProcess is an app that needs no thread or process beside its first.
const oneProcess = `use IO::Socket::INET;
my $listener = IO::Socket::INET->new(LocalAddr => "127.0.0.1:3000", Listen => 64, ReuseAddr => 1) or die;
while (my $visitor = $listener->accept) {
	while (<$visitor>) { last if /^\r?\n/ }
	print $visitor "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 20\r\n\r\nhello from 127.0.0.1";
	close $visitor;
}`

// TestContainerOutOfProcesses: the app has used up what it may have; the shim goes on, and can be stopped.
func TestContainerOutOfProcesses(t *testing.T) {
	c := run(t, shim.Config{GraceSeconds: 1, Command: []string{
		"/bin/sh", "-c",
		`perl -e "$1" & (sleep 1; while :; do sleep 1000 & done); echo full; wait`, "sh", oneProcess,
	}})
	c.answers("hello from 127.0.0.1")
	c.eventually("no process to be had", func() bool {
		output, _ := c.logs()
		return strings.Contains(strings.Join(output, "\n"), "full")
	})
	for range 100 {
		c.answers("hello from 127.0.0.1")
	}
	docker(t, nil, "stop", "-t", "20", c.id)
	if r := c.reported(shim.ReportExited); r.Signal == "" {
		t.Errorf("%+v", r)
	}
}

// TestContainerStatic: no other program is needed in the image.
func TestContainerStatic(t *testing.T) {
	c := run(t, shim.Config{StaticDir: "/tmp", Prepare: []string{"printf home > /tmp/index.html"}})
	c.answers("home")
}

// TestContainerFixups: programs of the container find the fix-ups.
func TestContainerFixups(t *testing.T) {
	c := run(t, shim.Config{}, "env=PYTHONPATH", "read=/.previewd/python/sitecustomize.py", "http=0.0.0.0:3000")
	c.reported(shim.ReportListening)
	output, _ := c.logs()
	if got := strings.Join(output, "\n"); !strings.Contains(got, "PYTHONPATH=/.previewd/python true") || strings.Contains(got, " 0 bytes") {
		t.Errorf("%s", got)
	}
}
