//go:build stack

package stacktest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/runtime/source"
	"previewd/runtime/swarm/swarmtest"
	"previewd/server/auth"
	"previewd/server/client"
)

const (
	patience  = 2 * time.Minute
	name      = "previewd" // of the stack
	baseImage = "debian:trixie-slim"
	jwtSecret = "a-secret-for-this-test-and-nothing-else"
	// The registry's user is tester, with this password.
	password = "open sesame"
	users    = "tester:$2y$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW\n"
)

// stack is what docker stack deploy brought up; the test speaks to it by nginx on the manager.
type stack struct {
	*client.Client
	t    *testing.T
	bed  *swarmtest.Bed
	api  string
	gone bool
}

// TestTheStack is the way of docs/scaling.md from prepared nodes to an empty swarm.
func TestTheStack(t *testing.T) {
	s := deploy(t)
	s.await("two previewd", func(context.Context) error { return s.replicas(2) })
	s.await("that all is well", s.ready)
	p := s.launch()
	s.previews(p)
	s.survives(p)
	s.comesDown()
}

func deploy(t *testing.T) *stack {
	t.Helper()
	t.Setenv("DOCKER_SERVICE_PREFER_OFFLINE_IMAGE", "1") // no image of these is in any registry
	bed, err := swarmtest.Up(t.Context(), 3, baseImage,
		os.Getenv("PREVIEWD_IMAGE"), os.Getenv("POSTGRES_IMAGE"), os.Getenv("NGINX_IMAGE"), os.Getenv("REGISTRY_IMAGE"))
	if err != nil {
		t.Fatal(err)
	}
	s := &stack{t: t, bed: bed, api: "http://" + bed.Host(1)}
	t.Cleanup(func() {
		if t.Failed() && !s.gone {
			s.tell()
		}
		if err := bed.Down(context.Background()); err != nil {
			t.Error(err)
		}
	})
	for node := range bed.Nodes {
		if err := bed.Prepare(t.Context(), node+1, "", bed.Host(1)); err != nil {
			t.Fatal(err)
		}
	}
	bed.Docker(t, 1, "node", "update", "--label-add", "previewd.database=yes", "--label-add", "previewd.registry=yes", bed.Name(1))
	s.secrets()
	t.Setenv("DOCKER_SOCKET", strings.TrimPrefix(bed.Socket(1), "unix://"))
	t.Setenv("PREVIEW_IMAGE_REGISTRY", bed.Host(1)+":5000")
	bed.Docker(t, 1, "stack", "deploy", "--resolve-image", "never", "-c", "../../deploy/stack.yml", "-c", "../../deploy/stack.registry.yml", name)
	token, err := auth.Mint([]byte(jwtSecret), "tester", time.Hour, false)
	if err == nil {
		s.Client, err = client.New(s.api, client.StaticToken(token))
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *stack) secrets() {
	s.t.Helper()
	tls, dir := s.bed.TLSDir(), s.t.TempDir()
	files := map[string]string{
		"ca": tls + "/ca.pem", "cert": tls + "/cert.pem", "key": tls + "/key.pem",
		"registry_cert": tls + "/n1-cert.pem", "registry_key": tls + "/n1-key.pem",
	}
	for name, text := range map[string]string{
		"jwt_secret": jwtSecret, "db_password": "a-password", "db_url": "postgres://previewd:a-password@postgres/previewd?sslmode=disable",
		"registry_users": users, "registry_login": "tester:" + password,
	} {
		files[name] = filepath.Join(dir, name)
		if err := os.WriteFile(files[name], []byte(text), 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	for name, path := range files {
		s.bed.Docker(s.t, 1, "secret", "create", "previewd_"+name, path)
	}
}

// tell says what became of the services, after a failure.
func (s *stack) tell() {
	for _, service := range []string{"previewd", "nginx", "postgres", "registry"} {
		s.t.Logf("%s\n%s\n%s", service, s.bed.Docker(s.t, 1, "service", "ps", "--no-trunc", name+"_"+service),
			s.bed.Docker(s.t, 1, "service", "logs", "--tail", "40", name+"_"+service))
	}
}

// await asks until there is no error.
func (s *stack) await(what string, ask func(context.Context) error) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	began := time.Now()
	for {
		err := ask(ctx)
		if err == nil {
			s.t.Logf("%s after %v", what, time.Since(began).Round(100*time.Millisecond))
			return
		}
		select {
		case <-ctx.Done():
			s.t.Fatalf("waiting for %s: %v", what, err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// healthy are the previewd whose health is good.
func (s *stack) healthy() []string {
	s.t.Helper()
	return strings.Fields(s.bed.Docker(s.t, 1, "ps", "-q", "--filter", "label=com.docker.swarm.service.name="+name+"_previewd", "--filter", "health=healthy"))
}

func (s *stack) replicas(want int) error {
	if got := s.healthy(); len(got) != want {
		return fmt.Errorf("%d previewd are healthy", len(got))
	}
	return nil
}

// serves asks a previewd, whichever nginx chooses, for what it needs its database and its engine for.
func (s *stack) serves(ctx context.Context) error {
	status, body, err := get(ctx, s.api+"/readyz", "", "")
	if err == nil && status != http.StatusOK {
		err = errors.New(body)
	}
	return err
}

// ready also wants the nodes and the registry to be as they should.
func (s *stack) ready(ctx context.Context) error {
	status, body, err := get(ctx, s.api+"/readyz", "", "")
	if err == nil && (status != http.StatusOK || strings.Contains(body, "degraded")) {
		err = errors.New(body)
	}
	return err
}

func (s *stack) launch() client.Launched {
	s.t.Helper()
	tree, err := source.FromFiles(map[string]source.File{"index.html": {Content: []byte("hello")}}, source.Limits{})
	if err != nil {
		s.t.Fatal(err)
	}
	archive, err := tree.Archive()
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.PutGeneration(s.t.Context(), "site", "test", archive); err != nil {
		s.t.Fatal(err)
	}
	began := time.Now()
	p, err := s.Launch(s.t.Context(), "site", client.LaunchRequest{ProjectID: "test", Wait: true, MemoryMB: 64})
	if err != nil || p.Status != string(preview.Running) {
		status, _ := s.Status(s.t.Context(), "site")
		s.t.Fatalf("%s, %v: %s %s", p.Status, err, status.Reason, status.Message)
	}
	s.t.Logf("%s runs after %v", p.BaseURL, time.Since(began).Round(100*time.Millisecond))
	return p
}

// previews asks the preview by its port and by its host name at nginx.
func (s *stack) previews(p client.Launched) {
	s.t.Helper()
	if _, body, err := get(s.t.Context(), p.BaseURL, "", ""); err != nil || body != "hello" {
		s.t.Errorf("by its port: %q, %v", body, err)
	}
	if err := s.visit(s.t.Context(), p); err != nil {
		s.t.Error(err)
	}
	if s.bed.Reaches(s.t, 2, p.BaseURL) && !strings.Contains(p.BaseURL, s.bed.Host(2)) {
		s.t.Error("a worker reaches the preview's port")
	}
}

func (s *stack) visit(ctx context.Context, p client.Launched) error {
	origin, _, _ := strings.Cut(p.PreviewURL, "?")
	host := strings.TrimSuffix(strings.TrimPrefix(origin, "http://"), "/")
	if !strings.HasSuffix(host, ".preview.localhost") {
		return fmt.Errorf("the preview's address is %s", origin)
	}
	status, body, err := get(ctx, s.api, host, p.SessionToken)
	if err == nil && body != "hello" {
		err = fmt.Errorf("by its host name: %d %s", status, body)
	}
	return err
}

// survives kills one previewd, then the other, while the preview is visited, asked and read.
func (s *stack) survives(p client.Launched) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	var all sync.WaitGroup
	log := &reader{}
	all.Go(func() { log.reads(ctx, s.Client, p.ID) })
	while, enough := context.WithCancel(ctx)
	asked := asking(while, &all, func() error { return s.serves(while) })
	visited := asking(while, &all, func() error { return s.visit(while, p) })
	for range 2 {
		s.replaces(asked, visited)
	}
	enough()
	if err := s.Stop(s.t.Context(), "site"); err != nil {
		s.t.Error(err)
	}
	s.await("the log's last line", func(context.Context) error {
		return log.has("running on node", "was stopped by its owner")
	})
	cancel()
	all.Wait()
	for what, t := range map[string]*tries{"requests to previewd": asked, "visits": visited} {
		s.t.Logf("%d %s, the longest took %v", t.good, what, t.longest.Round(time.Millisecond))
		if len(t.failed) > 2 { // one on its way at each kill
			s.t.Errorf("%d failed, the first with %v", len(t.failed), t.failed[0])
		}
	}
}

// replaces kills a previewd: the other one answers all the while until Swarm has put one in its place.
func (s *stack) replaces(all ...*tries) {
	s.t.Helper()
	before, answered := s.healthy(), make([]int, len(all))
	s.bed.Docker(s.t, 1, "kill", before[0])
	for i, t := range all {
		answered[i] = t.answered()
	}
	s.await("another previewd in place of the one that was killed", func(context.Context) error {
		if now := s.healthy(); len(now) != 2 || slices.Contains(now, before[0]) {
			return fmt.Errorf("healthy are %v", now)
		}
		return nil
	})
	for i, t := range all {
		if got := t.answered() - answered[i]; got < 20 {
			s.t.Errorf("until then there were %d answers", got)
		}
	}
}

// comesDown does what docs/scaling.md says, and looks for what is left.
func (s *stack) comesDown() {
	s.t.Helper()
	s.bed.Docker(s.t, 1, "service", "scale", name+"_previewd=0")
	s.await("that previewd has left nothing of its own", func(context.Context) error {
		return s.leaves(map[string][]string{"ps -a": nil, "network ls": nil, "volume ls": nil}, "--filter", "label=previewd.owner")
	})
	s.bed.Docker(s.t, 1, "stack", "rm", name)
	s.gone = true
	s.await("that the stack has left two volumes", func(context.Context) error {
		return s.leaves(map[string][]string{"ps -a": nil, "volume ls": {name + "_postgres", name + "_registry"}})
	})
	if left := s.bed.Docker(s.t, 1, "service", "ls", "-q"); left != "" {
		s.t.Errorf("services are left: %s", left)
	}
}

// leaves tells what there is on nodes beside these.
func (s *stack) leaves(but map[string][]string, filter ...string) error {
	s.t.Helper()
	for node := range s.bed.Nodes {
		for what, known := range but {
			found := strings.Fields(s.bed.Docker(s.t, node+1, append(append(strings.Fields(what), "-q"), filter...)...))
			if found = slices.DeleteFunc(found, func(id string) bool { return slices.Contains(known, id) }); len(found) > 0 {
				return fmt.Errorf("node %d, %s: %v", node+1, what, found)
			}
		}
	}
	return nil
}

func get(ctx context.Context, url, host, token string) (int, string, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, "", err
	}
	if host != "" {
		r.Host = host
		r.Header.Set("X-Preview-Token", token)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body), err
}
