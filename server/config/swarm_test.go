package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func loadWith(t *testing.T, vars ...string) (Config, error) {
	t.Helper()
	c, _, err := Load(append([]string{"PREVIEW_INSECURE=1", "PREVIEW_DATA_DIR=" + t.TempDir()}, vars...))
	return c, err
}

func TestWhereASwarmPlacesPreviews(t *testing.T) {
	c, err := loadWith(t, "PREVIEW_BACKEND=swarm", "PREVIEW_SWARM_CONSTRAINTS=node.role==worker, node.labels.zone != eu",
		"PREVIEW_SWARM_SPREAD=node.labels.rack", "PREVIEW_IMAGE_REGISTRY=registry.example.com:5000/previews")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"node.role==worker", "node.labels.zone != eu"}; !slices.Equal(c.Constraints(), want) {
		t.Errorf("constraints %q", c.Constraints())
	}
	if !slices.Equal(c.Spread(), []string{"node.labels.rack"}) {
		t.Errorf("spread %q", c.Spread())
	}
}

func TestBadSettingsOfASwarm(t *testing.T) {
	empty := t.TempDir()
	for _, bad := range []string{
		"PREVIEW_BACKEND=kubernetes", "PREVIEW_SWARM_CONSTRAINTS=node.role=worker", "PREVIEW_SWARM_CONSTRAINTS=worker",
		"PREVIEW_SWARM_SPREAD=rack", "PREVIEW_SWARM_RESERVE=101", "PREVIEW_SWARM_TLS_DIR=" + empty,
		"PREVIEW_IMAGE_REGISTRY=https://registry.example.com", "PREVIEW_DOCKER_RUNTIME=runsc",
	} {
		name, _, _ := strings.Cut(bad, "=")
		vars := []string{"PREVIEW_BACKEND=swarm", bad}
		if name == "PREVIEW_BACKEND" {
			vars = vars[1:]
		}
		if _, err := loadWith(t, vars...); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestAFolderOfKeys(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"ca.pem", "cert.pem", "key.pem"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := loadWith(t, "PREVIEW_SWARM_TLS_DIR="+dir); err != nil {
		t.Error(err)
	}
}
