package docker

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

func TestCallsHaveFewNames(t *testing.T) {
	for call, want := range map[string]string{
		"GET /_ping":                                  "ping",
		"HEAD /_ping":                                 "ping",
		"GET /v1.41/info":                             "info",
		"GET /v1.41/version":                          "version",
		"GET /v1.41/events":                           "event",
		"POST /v1.41/build":                           "build",
		"POST /v1.41/commit":                          "commit",
		"GET /v1.41/containers/json":                  "container_list",
		"POST /v1.41/containers/create":               "container_create",
		"POST /v1.41/containers/abc/start":            "container_start",
		"POST /v1.41/containers/abc/stop":             "container_stop",
		"POST /v1.41/containers/abc/kill":             "container_kill",
		"POST /v1.41/containers/abc/wait":             "container_wait",
		"GET /v1.41/containers/abc/json":              "container_inspect",
		"GET /v1.41/containers/abc/logs":              "container_logs",
		"GET /v1.41/containers/abc/stats":             "container_stats",
		"PUT /v1.41/containers/abc/archive":           "container_archive",
		"DELETE /v1.41/containers/abc":                "container_remove",
		"GET /v1.41/images/json":                      "image_list",
		"GET /v1.41/images/previewd/deps:x/json":      "image_inspect",
		"DELETE /v1.41/images/previewd/deps:x":        "image_remove",
		"POST /v1.41/images/create":                   "image_create",
		"GET /v1.41/networks":                         "network_list",
		"POST /v1.41/networks/create":                 "network_create",
		"GET /v1.41/networks/x":                       "network_inspect",
		"DELETE /v1.41/volumes/previewd-x-shim":       "volume_remove",
		"GET /v1.41/volumes":                          "volume_list",
		"POST /v1.41/swarm/init":                      "other",
		"GET /v1.41/containers/abc/of-another-kind/x": "container_inspect",
	} {
		method, path, _ := strings.Cut(call, " ")
		if got := callOf(method, path); got != want {
			t.Errorf("%s is %s, want %s", call, got, want)
		}
	}
}

// transport answers as it is told.
type transport struct {
	status int
	err    error
}

func (t transport) RoundTrip(*http.Request) (*http.Response, error) {
	if t.err != nil {
		return nil, t.err
	}
	return &http.Response{StatusCode: t.status, Body: io.NopCloser(&bytes.Buffer{})}, nil
}

func TestTheEnginesAbsenceIsCounted(t *testing.T) {
	m := NewMetrics(prometheus.NewRegistry())
	call := func(next transport) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://engine/v1.41/containers/create", nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := m.around(next).RoundTrip(req)
		if err == nil {
			_ = answer.Body.Close()
		}
	}
	value := func(kind string) float64 {
		return testutil.ToFloat64(m.errors.WithLabelValues("container_create", kind))
	}
	call(transport{status: 200})
	call(transport{status: 409}) // an answer
	call(transport{err: context.Canceled})
	if up := testutil.ToFloat64(m.up); up != 1 || value(unreachable)+value(refused) != 0 {
		t.Error(up, value(unreachable), value(refused))
	}
	call(transport{status: 500})
	call(transport{err: errors.New("connection refused")})
	if up := testutil.ToFloat64(m.up); up != 0 || value(unreachable) != 1 || value(refused) != 1 {
		t.Error(up, value(unreachable), value(refused))
	}
	if plain := (*Metrics)(nil).around(transport{}); plain != (transport{}) {
		t.Error("nobody counts, and yet something is around it")
	}
}
