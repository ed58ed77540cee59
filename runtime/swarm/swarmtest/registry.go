package swarmtest

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// registryPatience bounds the start of a registry.
const registryPatience = 20 * time.Second

// Registry is a real one on this machine, which the bed's nodes reach.
type Registry struct {
	Addr string // host:port

	dir string
	cmd *exec.Cmd
}

// Registry starts one until the test ends. Nodes use it without TLS; one that is strange they use only with TLS that they trust.
// config is YAML that is added to its configuration.
func (b *Bed) Registry(t *testing.T, strange bool, config ...string) *Registry {
	t.Helper()
	r := &Registry{Addr: fmt.Sprintf("10.213.%d.254:5000", b.slot), dir: t.TempDir()}
	if strange {
		r.Addr = fmt.Sprintf("10.213.%d.254:5001", b.slot)
	}
	text := fmt.Sprintf("version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: %s/data}}\nhttp:\n  addr: %s\n%s",
		r.dir, r.Addr, strings.Join(config, ""))
	if err := os.WriteFile(filepath.Join(r.dir, "config.yml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r.start(t)
	t.Cleanup(r.Stop)
	return r
}

func (r *Registry) start(t *testing.T) {
	t.Helper()
	said, err := os.Create(filepath.Join(r.dir, "access"))
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	r.cmd = exec.Command("docker-registry", "serve", filepath.Join(r.dir, "config.yml"))
	r.cmd.Stdout, r.cmd.Stderr = said, said
	if err := r.cmd.Start(); err != nil {
		t.Fatalf("%v (scripts/setup --dev installs it)", err)
	}
	for end := time.Now().Add(registryPatience); ; <-time.After(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", r.Addr)
		if err == nil {
			_ = conn.Close()
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the registry does not listen: %v\n%s", err, r.access(t))
		}
	}
}

// Stop ends the registry.
func (r *Registry) Stop() {
	_ = r.cmd.Process.Kill()
	_ = r.cmd.Wait()
}

// Clear removes what is below a folder of its storage, "" for all.
func (r *Registry) Clear(t *testing.T, folder string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(r.dir, "data/docker/registry/v2", folder)); err != nil {
		t.Fatal(err)
	}
}

// Tags are the images that it holds.
func (r *Registry) Tags(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(r.dir, "data/docker/registry/v2/repositories/*/_manifests/tags/*"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range found {
		found[i] = filepath.Base(found[i])
	}
	return found
}

// Pushes counts the images that were pushed since it started.
func (r *Registry) Pushes(t *testing.T) int {
	t.Helper()
	return strings.Count(r.access(t), `"PUT /v2/previewd/manifests/`)
}

func (r *Registry) access(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(r.dir, "access"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(text)
}
