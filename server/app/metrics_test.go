package app_test

import (
	"context"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"previewd/runtime/preview"
	"previewd/server/app"
	"previewd/server/auth"
	"previewd/server/client"
)

// observed is a previewd and a Prometheus that watches it.
func observed(t *testing.T) (*service, *monitor) {
	t.Helper()
	hooks := receive(t, nil)
	s := start(t, settings(t, 10, "PREVIEW_METRICS_ADDR=127.0.0.1:0", "PREVIEW_DEBUG_ADDR=127.0.0.1:0", "PREVIEW_WEBHOOK_URL="+hooks.URL,
		"PREVIEW_WEBHOOK_SECRET="+hookSecret, "PREVIEW_WEBHOOK_ALLOW_PRIVATE=1"))
	return s, watch(t, s)
}

// live launches previews of every fate: one that installs, runs, is asked, logged and listened to; two from the cache, of which
// one replaces the other and is stopped; one that fails, and one that needs too much memory.
func (s *service) live(t *testing.T) {
	t.Helper()
	s.upload(nameOf(t, "failing"), example("broken", "exits-zero")).launch()
	s.upload(nameOf(t, "hungry"), example("broken", "oom-at-start")).launch(func(r *client.LaunchRequest) { r.MemoryMB = 128 })
	stopped := s.upload(nameOf(t, "stopped"), example("express"))
	stopped.running()
	stopped.running() // in place of the other
	if err := stopped.Stop(t.Context(), stopped.id); err != nil {
		t.Fatal(err)
	}
	p := s.uploadFiles(t, map[string]string{
		"package.json": `{"description": "` + preview.NewID() + `", "dependencies": {"ms": "2.1.3"}, "scripts": {"start": "node server.js"}}`,
		"server.js": `require('http').createServer((q, a) => {
			console.log(q.url)
			console.error(q.url)
			if (q.url === '/breaks') return q.socket.destroy()
			a.statusCode = q.url === '/fails' ? 500 : 200
			a.end('hi')
		}).listen(process.env.PORT)`,
	})
	launched := p.launch()
	p.settled()
	go s.listenTo(p) // until the preview's end
	if !eventually(patience, func() bool { return s.value(t, "preview_sse_subscribers", nil) == 1 }) {
		t.Fatal("nobody listens")
	}
	for _, path := range []string{"/asked", "/fails"} {
		if a, err := p.ask(t.Context(), s.api, launched.SessionToken, `{"path":"`+path+`"}`); err != nil || a.Status != http.StatusOK {
			t.Fatal(a, err)
		}
	}
	if a, err := p.ask(t.Context(), s.api, launched.SessionToken, `{"path":"/breaks"}`); err != nil || a.Status != http.StatusBadGateway {
		t.Fatal(a, err)
	}
	if got := s.browser(t).open(launched.PreviewURL); got.status != http.StatusOK || got.body != "hi" {
		t.Fatalf("the gateway answers %d %q", got.status, got.body)
	}
}

// listenTo reads a log stream until it ends.
func (s *service) listenTo(p *project) {
	token, err := auth.Mint([]byte(secret), "tester", time.Hour, false)
	if err != nil {
		s.t.Error(err)
		return
	}
	req, err := http.NewRequest(http.MethodGet, s.api+"/api/v1/generations/"+p.id+"/preview/logs/stream", nil)
	if err != nil {
		s.t.Error(err)
		return
	}
	req.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Error(err)
		return
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
}

// scrape reads the metrics as Prometheus does.
func (s *service) scrape(t testing.TB) string {
	t.Helper()
	code, body := get(t, "http://"+s.app.MetricsAddr().String()+"/metrics")
	if code != http.StatusOK {
		t.Fatalf("scrape: %d %s", code, body)
	}
	return body
}

func families(t testing.TB, text string) map[string]*dto.MetricFamily {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	parsed, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// value adds up the series of a name that have the labels; of a histogram, its observations.
func (s *service) value(t testing.TB, name string, labels map[string]string) float64 {
	t.Helper()
	var sum float64
	for _, m := range families(t, s.scrape(t))[name].GetMetric() {
		if has(m, labels) {
			sum += m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return sum
}

func has(m *dto.Metric, labels map[string]string) bool {
	found := 0
	for _, pair := range m.GetLabel() {
		if want, asked := labels[pair.GetName()]; asked && want == pair.GetValue() {
			found++
		}
	}
	return found == len(labels)
}

// TestMetricsOfALivingServer scrapes a server that has done everything there is a metric of.
func TestMetricsOfALivingServer(t *testing.T) {
	s, prometheus := observed(t)
	s.live(t)
	type labels = map[string]string
	for _, want := range []struct {
		name   string
		labels labels
		least  float64
	}{
		{"preview_launches_total", labels{"outcome": "success", "runtime": "node", "framework": "express", "reason": ""}, 2},
		{"preview_launches_total", labels{"outcome": "failure", "reason": "APP_EXITED", "runtime": "python"}, 1},
		{"preview_launches_total", labels{"outcome": "failure", "reason": "OUT_OF_MEMORY"}, 1},
		{"preview_launch_duration_seconds", labels{"runtime": "node", "cached": "true"}, 1},
		{"preview_launch_duration_seconds", labels{"runtime": "node", "cached": "false"}, 1},
		{"preview_launch_stage_duration_seconds", labels{"runtime": "node", "stage": "fetching"}, 4},
		{"preview_launch_stage_duration_seconds", labels{"runtime": "node", "stage": "detecting"}, 4},
		{"preview_launch_stage_duration_seconds", labels{"runtime": "node", "stage": "installing"}, 4},
		{"preview_launch_stage_duration_seconds", labels{"runtime": "node", "stage": "creating"}, 4},
		{"preview_launch_stage_duration_seconds", labels{"runtime": "node", "stage": "booting"}, 4},
		{"preview_instances", labels{"status": "running"}, 1},
		{"preview_uptime_seconds", labels{"runtime": "node"}, 2},
		{"preview_ends_total", labels{"runtime": "node", "reason": "REPLACED"}, 1},
		{"preview_running_uptime_seconds", nil, 0.001},
		{"preview_ports_in_use", nil, 1},
		{"preview_ports_total", nil, 10},
		{"preview_memory_limit_bytes", nil, 512 << 20},
		{"preview_memory_usage_bytes", nil, 1 << 20},
		{"preview_memory_reading_bytes", nil, 1},
		{"preview_memory_reading_ratio", nil, 1},
		{"preview_cpu_seconds_total", nil, 0.01},
		{"preview_cpu_reading_cores", nil, 1},
		{"preview_moves_total", labels{"outcome": "success"}, 0}, // TestSwarm has some
		{"preview_oom_total", nil, 1},
		{"preview_log_lines_total", labels{"stream": "stdout"}, 1},
		{"preview_log_lines_total", labels{"stream": "stderr"}, 1},
		{"preview_log_bytes_total", nil, 1},
		{"preview_log_stored_lines_total", nil, 10},
		{"preview_log_delivery_seconds", nil, 2},
		{"preview_log_journals", nil, 1},
		{"preview_log_readers", nil, 1},
		{"preview_sse_subscribers", nil, 1},
		{"preview_proxy_requests_total", labels{"route": "request", "code": "200"}, 1},
		{"preview_proxy_request_duration_seconds", labels{"route": "request"}, 1},
		{"preview_proxy_requests_total", labels{"route": "request", "code": "500"}, 1},
		{"preview_proxy_requests_total", labels{"route": "request", "code": "none"}, 1},
		{"preview_proxy_requests_total", labels{"route": "gateway", "code": "200"}, 1},
		{"preview_proxy_request_duration_seconds", labels{"route": "gateway"}, 1},
		{"preview_webhook_attempts_total", labels{"outcome": "delivered"}, 4},
		{"preview_deps_cache_requests_total", labels{"kind": "deps", "result": "hit"}, 1},
		{"preview_deps_cache_requests_total", labels{"kind": "deps", "result": "miss"}, 1},
		{"preview_deps_cache_bytes", nil, 1},
		{"preview_deps_cache_budget_bytes", nil, 10 << 30},
		{"preview_reconcile_seconds", nil, 1},
		{"preview_engine_up", nil, 1},
		{"preview_engine_call_duration_seconds", labels{"call": "container_create"}, 4},
		{"preview_engine_call_duration_seconds", labels{"call": "container_stats"}, 1},
		{"preview_engine_call_duration_seconds", labels{"call": "other"}, 0},
		{"preview_database_up", nil, 1},
		{"preview_build_info", labels{"version": "test"}, 1},
		{"go_sql_open_connections", labels{"db_name": "previewd"}, 1},
		{"go_goroutines", nil, 1},
		{"process_cpu_seconds_total", nil, 0.01},
	} {
		if !eventually(patience, func() bool { return s.value(t, want.name, want.labels) >= want.least }) {
			t.Errorf("%s%v is %v, want at least %v", want.name, want.labels, s.value(t, want.name, want.labels), want.least)
		}
	}
	if n := s.value(t, "preview_engine_call_duration_seconds", labels{"call": "other"}); n > 0 {
		t.Errorf("%v calls of the engine have no name", n)
	}
	s.holdsWhatIsDocumented(t)
	s.namesNobody(t)
	lint(t, s.scrape(t))
	prometheus.showsEverything(t)
	if code, body := get(t, "http://"+s.app.DebugAddr().String()+"/debug/pprof/goroutine?debug=1"); code != http.StatusOK || !strings.Contains(body, "goroutine profile") {
		t.Errorf("profiles: %d %.100s", code, body)
	}
}

// holdsWhatIsDocumented compares with docs/metrics.md, both ways.
func (s *service) holdsWhatIsDocumented(t *testing.T) {
	t.Helper()
	table, err := app.MetricsTable()
	if err != nil {
		t.Fatal(err)
	}
	scraped := families(t, s.scrape(t))
	documented := regexp.MustCompile("(?m)^\\| `(preview_[a-z_]+)` \\| ([a-z]+) ").FindAllStringSubmatch(table, -1)
	if len(documented) < 40 {
		t.Errorf("%d documented", len(documented))
	}
	for _, d := range documented {
		family := scraped[d[1]]
		if family == nil || strings.ToLower(family.GetType().String()) != d[2] {
			t.Errorf("%s %s is documented and not there: %v", d[2], d[1], family)
		}
		delete(scraped, d[1])
	}
	for name := range scraped {
		if strings.HasPrefix(name, "preview_") {
			t.Errorf("%s is not documented", name)
		}
	}
}

// namesNobody holds labels to words that are known beforehand.
func (s *service) namesNobody(t *testing.T) {
	t.Helper()
	text := s.scrape(t)
	for _, secret := range []string{"tester", "failing", "hungry", "TestMetrics", "/asked"} {
		if strings.Contains(text, secret) {
			t.Errorf("the metrics name %q", secret)
		}
	}
	for name, family := range families(t, text) {
		if n := len(family.GetMetric()); n > 150 {
			t.Errorf("%s has %d series", name, n)
		}
	}
}

// lint has promtool judge names and help. Of preview_ports_total, whose name others are written against, it thinks that it counts.
func lint(t *testing.T, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "promtool", "check", "metrics")
	cmd.Stdin = strings.NewReader(text)
	said, err := cmd.CombinedOutput()
	if len(said) == 0 && err != nil {
		t.Fatalf("promtool: %v (scripts/setup --dev installs it)", err)
	}
	for line := range strings.Lines(string(said)) {
		if !strings.HasPrefix(line, "preview_ports_total ") && strings.HasPrefix(line, "preview_") {
			t.Error(line)
		}
	}
}

// TestMetricsAreForAdmins: the API's address is everybody's.
func TestMetricsAreForAdmins(t *testing.T) {
	s := start(t, settings(t, 1))
	ask := func(admin bool) (int, string) {
		token, err := auth.Mint([]byte(secret), "ann", time.Hour, admin)
		if err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.api+"/metrics", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(body)
	}
	if code, body := ask(true); code != http.StatusOK || !strings.Contains(body, "\npreview_ports_total 1\n") {
		t.Errorf("an admin gets %d %.200s", code, body)
	}
	if code, body := ask(false); code != http.StatusForbidden || strings.Contains(body, "preview_ports") {
		t.Errorf("a user gets %d %.200s", code, body)
	}
	if s.app.MetricsAddr() != nil || s.app.DebugAddr() != nil {
		t.Error("served where nobody asked for it")
	}
}
