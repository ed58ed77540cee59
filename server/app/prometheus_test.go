package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// monitor is a real Prometheus that scrapes one previewd every second.
type monitor struct{ url string }

func watch(t *testing.T, s *service) *monitor {
	t.Helper()
	dir := t.TempDir()
	rules, err := filepath.Abs("../../deploy/prometheus/rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	config := fmt.Sprintf("global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [%s]\n"+
		"scrape_configs: [{job_name: previewd, static_configs: [{targets: [%q]}]}]\n", rules, s.app.MetricsAddr())
	if err := os.WriteFile(filepath.Join(dir, "prometheus.yml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	free := listen(t, "127.0.0.1:0")
	addr := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	said := &strings.Builder{}
	cmd := exec.Command("prometheus", "--config.file="+filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--web.listen-address="+addr, "--log.level=warn")
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		t.Fatalf("Prometheus: %v (scripts/setup --dev installs it)", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait() // it writes to the folder until then
	})
	m := &monitor{url: "http://" + addr}
	if !eventually(time.Minute, func() bool { return m.up() }) {
		t.Fatalf("Prometheus does not see previewd: %s", said)
	}
	return m
}

func (m *monitor) up() bool {
	if c, err := net.Dial("tcp", strings.TrimPrefix(m.url, "http://")); err != nil {
		return false
	} else if c.Close() != nil {
		return false
	}
	samples, err := m.query(`up{job="previewd"} == 1`)
	return err == nil && len(samples) == 1
}

// query is an instant query; the values of its samples.
func (m *monitor) query(expr string) ([]string, error) {
	code, body, err := tryGet(context.Background(), m.url+"/api/v1/query?query="+url.QueryEscape(expr))
	if err != nil {
		return nil, err
	}
	var answer struct {
		Error string
		Data  struct {
			Result []struct{ Value [2]any }
		}
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		return nil, fmt.Errorf("%d %s: %w", code, body, err)
	}
	if answer.Error != "" {
		return nil, fmt.Errorf("%s: %s", expr, answer.Error)
	}
	var values []string
	for _, r := range answer.Data.Result {
		values = append(values, fmt.Sprint(r.Value[1]))
	}
	return values, nil
}
