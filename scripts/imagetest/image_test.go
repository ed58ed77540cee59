//go:build image

package imagetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"previewd/runtime/docker/dockertest"
	"previewd/runtime/preview"
	"previewd/runtime/source"
	"previewd/scripts/leftovers"
	"previewd/server/auth"
	"previewd/server/client"
	"previewd/storage"
)

const (
	secret   = "a-secret-for-this-test-and-nothing-else"
	patience = 4 * time.Minute // runtime images may have to be built
	bundle   = "/etc/ssl/certs/ca-certificates.crt"
)

// image is what is tested; scripts/image builds it.
func image() string {
	if name := os.Getenv("PREVIEWD_IMAGE"); name != "" {
		return name
	}
	return "previewd:latest"
}

// TestImage is one operator's afternoon: start it, wait until it is healthy, preview, stop, and look what is left.
func TestImage(t *testing.T) {
	database := startPostgres(t)
	s := run(t, database)
	await(t, "the health check", func(context.Context) error {
		if health := docker(t, "inspect", "--format", "{{.State.Health.Status}}", s.name); health != "healthy" {
			return fmt.Errorf("it says %s", health)
		}
		return nil
	})
	s.noteOwner(t, database)
	for _, example := range []string{"static-site", "node-http"} {
		t.Run(example, func(t *testing.T) { s.preview(t, example) })
	}
	docker(t, "stop", "--time", "20", s.name)
	if code := docker(t, "inspect", "--format", "{{.State.ExitCode}}", s.name); code != "0" {
		t.Errorf("previewd ended with %s", code)
	}
	if left := s.leftovers(t); left != "" {
		t.Errorf("left behind:\n%s", left)
	}
}

// TestImageIsSmall: what it has beside its base is the program, certificates and iptables, and it says what it is.
func TestImageIsSmall(t *testing.T) {
	const most = 60_000_000
	size := func(image string) int {
		n, err := strconv.Atoi(docker(t, "image", "inspect", "--format", "{{.Size}}", image))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if beside := size(image()) - size("debian:trixie-slim"); beside > most {
		t.Errorf("it has %d bytes beside its base, want at most %d", beside, most)
	}
	labels := docker(t, "image", "inspect", "--format", "{{json .Config.Labels}}", image())
	for _, name := range []string{"title", "description", "version", "revision"} {
		if !strings.Contains(labels, "org.opencontainers.image."+name) {
			t.Errorf("its labels lack %s: %s", name, labels)
		}
	}
}

// service is a container of the image.
type service struct {
	*client.Client
	name  string
	owner string
}

// label is on the test's container, with the number of its process.
const label = "previewd.image-test"

// TestMain removes first what runs that were killed have left.
func TestMain(m *testing.M) {
	if err := leftovers.Sweep(context.Background(), label, ""); err != nil {
		fmt.Fprintln(os.Stderr, "sweep:", err)
	}
	dockertest.Sweep() // after the previewd that would make its networks anew
	os.Exit(m.Run())
}

func run(t *testing.T, database string) *service {
	t.Helper()
	s := &service{name: fmt.Sprintf("previewd-image-test-%d", os.Getpid())}
	listen := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	docker(t, "run", "--detach", "--name", s.name, "--label", fmt.Sprint(label, "=", os.Getpid()),
		"--network", "host", "--group-add", socketGroup(t),
		"--volume", "/var/run/docker.sock:/var/run/docker.sock", "--volume", bundle+":"+bundle+":ro",
		"--env", "PREVIEW_DATABASE_URL="+database, "--env", "PREVIEW_JWT_SECRET="+secret, "--env", "PREVIEW_LISTEN_ADDR="+listen,
		"--env", "PREVIEW_PORT_MIN=25001", "--env", "PREVIEW_PORT_MAX=25020", "--health-interval", "1s", image())
	t.Cleanup(func() {
		if t.Failed() {
			out, _ := exec.Command("docker", "logs", s.name).CombinedOutput()
			t.Logf("previewd's log:\n%s", out)
		}
		_ = exec.Command("docker", "rm", "--force", "--volumes", s.name).Run()
	})
	token, err := auth.Mint([]byte(secret), "operator", time.Hour, false)
	if err != nil {
		t.Fatal(err)
	}
	if s.Client, err = client.New("http://"+listen, client.StaticToken(token)); err != nil {
		t.Fatal(err)
	}
	return s
}

// noteOwner learns whose the previews are, and has the next run remove them, should this one be killed.
func (s *service) noteOwner(t *testing.T, database string) {
	t.Helper()
	store, err := storage.Open(t.Context(), database, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if s.owner, err = store.Owner(t.Context()); err != nil {
		t.Fatal(err)
	}
	dockertest.Note(t, s.owner)
}

// socketGroup is the group that may talk to the engine, which previewd is not root to do.
func socketGroup(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("stat", "--dereference", "--format", "%g", "/var/run/docker.sock").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

func (s *service) preview(t *testing.T, example string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tree, _, err := source.FromDir("../../examples/"+example, source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	archive, err := tree.Archive()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutGeneration(ctx, example, "test", archive); err != nil {
		t.Fatal(err)
	}
	launched, err := s.Launch(ctx, example, client.LaunchRequest{ProjectID: "test", Wait: true})
	if err != nil || launched.Status != string(preview.Running) {
		status, _ := s.Status(ctx, example)
		t.Fatalf("launch: %s, %v: %s %s", launched.Status, err, status.Reason, status.Message)
	}
	if owner := docker(t, "ps", "--filter", "label=previewd.preview="+launched.ID, "--format", `{{.Label "previewd.owner"}}`); owner != s.owner {
		t.Errorf("the preview is %q's, not %q's", owner, s.owner)
	}
	if body, err := get(ctx, launched.BaseURL); err != nil || body == "" {
		t.Errorf("the app answers %q, %v", body, err)
	}
	if err := s.Stop(ctx, example); err != nil {
		t.Error(err)
	}
	if _, err := get(ctx, launched.BaseURL); err == nil {
		t.Error("the app still answers after the stop")
	}
}

func get(ctx context.Context, url string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK {
		err = errors.Join(err, errors.New(resp.Status))
	}
	return string(body), err
}

// leftovers lists what an ended previewd still has on the engine.
func (s *service) leftovers(t *testing.T) string {
	t.Helper()
	mine := "label=previewd.owner=" + s.owner
	return strings.TrimSpace(docker(t, "ps", "--all", "--quiet", "--filter", mine) + "\n" +
		docker(t, "network", "ls", "--quiet", "--filter", mine) + "\n" + docker(t, "volume", "ls", "--quiet", "--filter", mine))
}

func docker(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "docker", args...)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("docker %s: %v: %s", args[0], err, said.String())
	}
	return strings.TrimSpace(string(out))
}
