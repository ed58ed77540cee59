//go:build compose

package composetest

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"previewd/runtime/docker/dockertest"
	"previewd/scripts/leftovers"
	"previewd/server/auth"
	"previewd/server/client"
)

const (
	patience = 5 * time.Minute // runtime images may have to be built
	ports    = 6
	diskMB   = "64"
)

// projects begins the names of the test's projects, which end with the number of its process.
const projects = "previewd-compose-test-"

// TestMain removes first what runs that were killed have left.
func TestMain(m *testing.M) {
	if err := leftovers.Sweep(context.Background(), "com.docker.compose.project", projects); err != nil {
		fmt.Fprintln(os.Stderr, "sweep:", err)
	}
	dockertest.Sweep() // after the previewd that would make its networks anew
	os.Exit(m.Run())
}

// stack is what compose brought up in a folder of the test's own.
type stack struct {
	*client.Client
	t          *testing.T
	dir        string
	project    string
	program    string // docker-compose, the older or the newer one
	env        map[string]string
	listen     string
	prometheus string
	engine     *engineLine
	receiver   *receiver
}

// bringUp does what the README says, with images that were made here and ports that are free.
func bringUp(t *testing.T) *stack {
	t.Helper()
	s := &stack{
		t: t, dir: t.TempDir(), project: fmt.Sprint(projects, os.Getpid()), program: cmp.Or(os.Getenv("COMPOSE"), "docker-compose"),
		listen: freePort(t), prometheus: "127.0.0.1:" + freePort(t), engine: newEngineLine(t), receiver: &receiver{},
	}
	s.receiver.answers(http.StatusNoContent)
	hooks := httptest.NewServer(s.receiver)
	t.Cleanup(hooks.Close)
	metrics := "127.0.0.1:" + freePort(t)
	for _, path := range []string{"docker-compose.yml", ".env.example", "deploy", "scripts/env", "scripts/lib"} {
		s.take(path)
	}
	s.writeEnv()
	s.settle(map[string]string{
		"POSTGRES_IMAGE": os.Getenv("POSTGRES_IMAGE"), "PREVIEWD_IMAGE": os.Getenv("PREVIEWD_IMAGE"), "PROMETHEUS_IMAGE": os.Getenv("PROMETHEUS_IMAGE"),
		"PREVIEW_LISTEN_ADDR":  "0.0.0.0:" + s.listen, // so that only the rules keep previews away from it
		"PREVIEW_METRICS_ADDR": metrics, "PROMETHEUS_ADDR": s.prometheus, "PROMETHEUS_CONFIG": s.impatient(metrics),
		"PREVIEW_PORT_MIN": "26001", "PREVIEW_PORT_MAX": fmt.Sprint(26000 + ports), "PREVIEW_RATE_LAUNCH": "0",
		"PREVIEW_DISK_LIMIT_MB": diskMB,
		"DOCKER_SOCKET":         s.engine.path, "PREVIEW_WEBHOOK_URL": hooks.URL, "PREVIEW_WEBHOOK_ALLOW_PRIVATE": "1",
		"PREVIEW_WEBHOOK_SECRET": "whsec_" + base64.StdEncoding.EncodeToString([]byte(rand.Text())),
	})
	t.Cleanup(func() {
		s.engine.cut(false) // previewd ends its previews
		if t.Failed() {
			out, _ := exec.Command(s.program, s.args("logs", "--no-color", "--tail", "60")...).CombinedOutput()
			t.Logf("%s", out)
		}
		if out, err := exec.Command(s.program, s.args("--profile", "observability", "down", "--volumes", "--timeout", "30")...).CombinedOutput(); err != nil {
			t.Errorf("down: %v\n%s", err, out)
		}
	})
	s.compose("--profile", "observability", "config", "--quiet")
	s.compose("up", "--detach", "--no-build", "prometheus") // and what it depends on
	s.await("previewd's health", func(context.Context) error { return s.healthy("previewd") })
	s.noteOwner()
	s.await("Prometheus' health", func(context.Context) error { return s.healthy("prometheus") })
	token, err := auth.Mint([]byte(s.env["PREVIEW_JWT_SECRET"]), "operator", time.Hour, false)
	if err != nil {
		t.Fatal(err)
	}
	if s.Client, err = client.New("http://127.0.0.1:"+s.listen, client.StaticToken(token)); err != nil {
		t.Fatal(err)
	}
	return s
}

// noteOwner has the next run remove the previews, should this one be killed.
func (s *stack) noteOwner() {
	s.t.Helper()
	dockertest.Note(s.t, s.compose("exec", "-T", "-e", "PGPASSWORD="+s.env["POSTGRES_PASSWORD"], "postgres",
		"psql", "-h", "/var/run/postgresql", "-U", "previewd", "-d", "previewd", "-Atc", "select id from installation"))
}

// take copies a file or folder of the repository.
func (s *stack) take(path string) {
	s.t.Helper()
	from := filepath.Join("../..", path)
	to := filepath.Join(s.dir, path)
	info, err := os.Stat(from)
	if err == nil && info.IsDir() {
		err = os.CopyFS(to, os.DirFS(from))
	} else if err == nil {
		var text []byte
		if text, err = os.ReadFile(from); err == nil {
			err = os.MkdirAll(filepath.Dir(to), 0o755)
		}
		if err == nil {
			err = os.WriteFile(to, text, info.Mode())
		}
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// writeEnv has the script make .env, which only its owner may read, and which it never overwrites.
func (s *stack) writeEnv() {
	s.t.Helper()
	path := filepath.Join(s.dir, ".env")
	if out, err := exec.Command(filepath.Join(s.dir, "scripts/env")).CombinedOutput(); err != nil {
		s.t.Fatalf("scripts/env: %v %s", err, out)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != fs.FileMode(0o600) {
		s.t.Fatalf(".env: %v %v", info, err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	s.env = map[string]string{}
	for _, line := range regexp.MustCompile(`(?m)^([A-Z_]+)=(.*)$`).FindAllStringSubmatch(string(text), -1) {
		s.env[line[1]] = line[2]
	}
	for _, name := range []string{"POSTGRES_PASSWORD", "PREVIEW_JWT_SECRET", "GRAFANA_PASSWORD"} {
		if len(s.env[name]) != 64 {
			s.t.Errorf("%s has %d characters", name, len(s.env[name]))
		}
	}
	if exec.Command(filepath.Join(s.dir, "scripts/env")).Run() == nil {
		s.t.Error("scripts/env overwrote .env")
	}
}

// settle changes settings of .env.
func (s *stack) settle(settings map[string]string) {
	s.t.Helper()
	var text strings.Builder
	maps.Copy(s.env, settings)
	for name, value := range s.env {
		fmt.Fprintf(&text, "%s=%s\n", name, value)
	}
	if err := os.WriteFile(filepath.Join(s.dir, ".env"), []byte(text.String()), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// impatient is the deployed configuration of Prometheus, but that it looks every second, and alerts look back a minute and do not wait.
func (s *stack) impatient(target string) string {
	s.t.Helper()
	dir := filepath.Join(s.dir, "prometheus")
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // Prometheus is another user
		s.t.Fatal(err)
	}
	for _, name := range []string{"prometheus.yml", "rules.yml"} {
		text, err := os.ReadFile(filepath.Join(s.dir, "deploy/prometheus", name))
		if err != nil {
			s.t.Fatal(err)
		}
		changed := regexp.MustCompile(`for: \d+m`).ReplaceAllString(string(text), "for: 1s")
		changed = regexp.MustCompile(`\[\d+[mh]\]`).ReplaceAllString(changed, "[1m]")
		changed = strings.ReplaceAll(changed, "_pending_seconds) > 600", "_pending_seconds) > 4")
		changed = strings.NewReplacer("_interval: 15s", "_interval: 1s", "127.0.0.1:9464", target).Replace(changed)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(changed), 0o644); err != nil { //nolint:gosec // Prometheus is another user
			s.t.Fatal(err)
		}
	}
	return dir
}

func (s *stack) args(args ...string) []string {
	return append([]string{"--project-name", s.project, "--project-directory", s.dir, "--file", filepath.Join(s.dir, "docker-compose.yml")}, args...)
}

func (s *stack) compose(args ...string) string {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.program, s.args(args...)...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "ENV_FILE="+filepath.Join(s.dir, ".env"))
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("%s %s: %v\n%s%s", s.program, strings.Join(args, " "), err, out, said.String())
	}
	return strings.TrimSpace(string(out))
}

// inspect formats what the engine knows of a service's container.
func (s *stack) inspect(service, format string) string {
	s.t.Helper()
	return docker(s.t, "inspect", "--format", format, s.compose("ps", "--quiet", service))
}

func (s *stack) healthy(service string) error {
	if health := s.inspect(service, "{{.State.Health.Status}}"); health != "healthy" {
		return fmt.Errorf("it is %s", health)
	}
	return nil
}

// await repeats a look until it finds no error.
func (s *stack) await(what string, look func(context.Context) error) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	for {
		err := look(ctx)
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			s.t.Fatalf("%s: %v", what, err)
		case <-time.After(300 * time.Millisecond):
		}
	}
}

// ask asks Prometheus.
func (s *stack) ask(ctx context.Context, path string, into any) error {
	_, body, err := get(ctx, "http://"+s.prometheus+path)
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(body), into)
}

// shows waits until a panel has the value.
func (s *stack) shows(p panel, want float64) {
	s.t.Helper()
	s.await(p.title, func(context.Context) error {
		if got := s.number(p); got != want {
			return fmt.Errorf("it is %v, want %v", got, want)
		}
		return nil
	})
}

// number is what a query of a dashboard's panel gives, summed up where it gives several lines. None is 0.
func (s *stack) number(p panel) (sum float64) {
	s.t.Helper()
	expr := strings.NewReplacer("$__rate_interval", "30s", "$__range", "1m", "$instance", ".*", "$runtime", ".*").Replace(s.expr(p))
	result, err := s.query(s.t.Context(), expr)
	if err != nil {
		s.t.Fatalf("%s: %v", p.title, err)
	}
	for _, r := range result {
		if n, err := strconv.ParseFloat(fmt.Sprint(r.Value[1]), 64); err == nil && !math.IsNaN(n) {
			sum += n
		}
	}
	return sum
}

func (s *stack) expr(wanted panel) string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, "deploy/grafana/dashboards", wanted.board+".json"))
	if err != nil {
		s.t.Fatal(err)
	}
	var d struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &d); err != nil {
		s.t.Fatal(err)
	}
	for _, p := range d.Panels {
		if p.Title == wanted.title && len(p.Targets) > wanted.target {
			return p.Targets[wanted.target].Expr
		}
	}
	s.t.Fatalf("%s has no panel %q", wanted.board, wanted.title)
	return ""
}

// sample is one line of Prometheus' answer.
type sample struct {
	Metric map[string]string
	Value  [2]any
}

func (s *stack) query(ctx context.Context, expr string) ([]sample, error) {
	var answer struct {
		Error string
		Data  struct{ Result []sample }
	}
	if err := s.ask(ctx, "/api/v1/query?query="+url.QueryEscape(expr), &answer); err != nil {
		return nil, err
	}
	if answer.Error != "" {
		return nil, errors.New(answer.Error)
	}
	return answer.Data.Result, nil
}

func docker(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "docker", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("docker %s: %v: %s", args[0], err, out)
	}
	return strings.TrimSpace(string(out))
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil || l.Close() != nil {
		t.Fatal(err)
	}
	return port
}
