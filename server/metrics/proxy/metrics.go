// Package proxy counts the requests that go to running previews, whichever way they take.
package proxy

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Routes on which requests reach previews.
const (
	Gateway = "gateway" // by the preview's own host name
	Request = "request" // through the API's request route
)

// Metrics count requests by route.
type Metrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	active   *prometheus.GaugeVec
}

// NewMetrics registers them.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	auto := promauto.With(reg)
	m := &Metrics{
		requests: auto.NewCounterVec(prometheus.CounterOpts{
			Name: "preview_proxy_requests_total",
			Help: "Requests that were sent to previews, by the way they took and the answer's status; none is no answer of the app, other a status without a name.",
		}, []string{"route", "code"}),
		duration: auto.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "preview_proxy_request_duration_seconds",
			Help:    "Time from a request that was sent to a preview to the end of its answer, WebSockets and streams left out.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}, []string{"route"}),
		active: auto.NewGaugeVec(prometheus.GaugeOpts{
			Name: "preview_proxy_requests_in_flight",
			Help: "Requests to previews that are under way, open WebSockets and streams among them.",
		}, []string{"route"}),
	}
	for _, route := range []string{Gateway, Request} { // there from the start, so that rates begin at nought
		for _, status := range []int{0, http.StatusOK, http.StatusInternalServerError} {
			m.requests.WithLabelValues(route, codeOf(status))
		}
		m.duration.WithLabelValues(route)
		m.active.WithLabelValues(route)
	}
	return m
}

// Meter counts the requests of one route.
type Meter struct {
	m      *Metrics
	route  string
	active prometheus.Gauge
	took   prometheus.Observer
}

// On returns the meter of a route. A nil Metrics counts nothing.
func (m *Metrics) On(route string) *Meter {
	if m == nil {
		return &Meter{}
	}
	return &Meter{m: m, route: route, active: m.active.WithLabelValues(route), took: m.duration.WithLabelValues(route)}
}

// Begin counts a request under way.
func (m *Meter) Begin() {
	if m.m != nil {
		m.active.Inc()
	}
}

// End counts its answer: the status is 101 after a WebSocket, 0 where there was none.
func (m *Meter) End(status int, took time.Duration) {
	if m.m == nil {
		return
	}
	m.active.Dec()
	m.m.requests.WithLabelValues(m.route, codeOf(status)).Inc()
	if status != http.StatusSwitchingProtocols {
		m.took.Observe(took.Seconds())
	}
}

// codeOf keeps the label's values few: an app may answer with any number.
func codeOf(status int) string {
	switch {
	case status == 0:
		return "none"
	case http.StatusText(status) == "":
		return "other"
	}
	return strconv.Itoa(status)
}
