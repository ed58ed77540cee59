package docker

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Metrics watch the calls to the engine where they leave. A nil one watches nothing.
type Metrics struct {
	up     prometheus.Gauge
	took   *prometheus.HistogramVec
	errors *prometheus.CounterVec
}

// Why a call failed.
const (
	unreachable = "unreachable" // no answer
	refused     = "server"      // an answer of 500 or above
)

// NewMetrics registers them.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	auto := promauto.With(reg)
	m := &Metrics{
		up: auto.NewGauge(prometheus.GaugeOpts{
			Name: "preview_engine_up",
			Help: "1 when the container engine answered the last call, 0 when it could not be reached. There is one at least every five seconds.",
		}),
		took: auto.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "preview_engine_call_duration_seconds",
			Help:    "Time until the container engine began to answer, by call.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"call"}),
		errors: auto.NewCounterVec(prometheus.CounterOpts{
			Name: "preview_engine_errors_total",
			Help: "Calls that the container engine did not answer (unreachable) or answered with a failure of its own (server).",
		}, []string{"call", "kind"}),
	}
	for _, call := range []string{"container_create", "container_start", "container_stop", "container_list"} {
		m.took.WithLabelValues(call)
		m.errors.WithLabelValues(call, unreachable)
		m.errors.WithLabelValues(call, refused)
	}
	return m
}

// around watches what goes through a transport.
func (m *Metrics) around(t http.RoundTripper) http.RoundTripper {
	if m == nil {
		return t
	}
	return watched{m, t}
}

type watched struct {
	*Metrics
	next http.RoundTripper
}

// RoundTrip is an http.RoundTripper's. A call that the caller gave up says nothing of the engine.
func (w watched) RoundTrip(r *http.Request) (*http.Response, error) {
	began := time.Now()
	answer, err := w.next.RoundTrip(r)
	call := callOf(r.Method, r.URL.Path)
	switch {
	case err == nil:
		w.up.Set(1)
		w.took.WithLabelValues(call).Observe(time.Since(began).Seconds())
		if answer.StatusCode >= http.StatusInternalServerError {
			w.errors.WithLabelValues(call, refused).Inc()
		}
	case errors.Is(err, context.Canceled):
	default:
		w.up.Set(0)
		w.errors.WithLabelValues(call, unreachable).Inc()
	}
	return answer, err
}

// callPath is a path of the engine's API: its version, the kind of object, which one, and what is done to it.
var callPath = regexp.MustCompile(`^(?:/v[0-9.]+)?/(_ping|info|version|events|build|commit|containers|images|networks|volumes)(?:/.*?)??(?:/(json|create|start|stop|kill|wait|logs|stats|archive|attach|update|tag|connect))?$`)

// callOf names a call of the engine's API with one of few words, whatever the object's name.
func callOf(method, path string) string {
	parts := callPath.FindStringSubmatch(path)
	if parts == nil {
		return "other"
	}
	object, verb := strings.TrimPrefix(strings.TrimSuffix(parts[1], "s"), "_"), parts[2]
	if object == "event" || object == "build" || object == "commit" || object == "info" || object == "version" || object == "ping" {
		return object
	}
	switch {
	case method == http.MethodDelete:
		verb = "remove"
	case verb == "json" && strings.HasSuffix(path, "/"+parts[1]+"/json"), verb == "" && strings.HasSuffix(path, "/"+parts[1]):
		verb = "list"
	case verb == "json", verb == "":
		verb = "inspect"
	}
	return object + "_" + verb
}
