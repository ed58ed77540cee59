package launch

import (
	"cmp"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"previewd/runtime/preview"
)

// Metrics count what this process launched and saw end. A nil one counts nothing.
type Metrics struct {
	launches *prometheus.CounterVec
	duration *prometheus.HistogramVec
	stages   *prometheus.HistogramVec
	uptime   *prometheus.HistogramVec
	ends     *prometheus.CounterVec
	ooms     prometheus.Counter
	moves    *prometheus.CounterVec
}

// outcome of a launch.
type outcome string

const (
	succeeded outcome = "success"
	failed    outcome = "failure"
	cancelled outcome = "cancelled" // somebody ended it before the first answer
	left      outcome = "left"      // previewd stopped and the next one begins it anew; this is no outcome that is counted
)

// outcomeOf is that of a launch whose app never answered.
func outcomeOf(why preview.Code) outcome {
	if why.Wanted() {
		return cancelled
	}
	return failed
}

// unknownRuntime is the runtime of a preview whose files were not looked at yet.
const unknownRuntime = "unknown"

// NewMetrics registers them.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	auto := promauto.With(reg)
	buckets := []float64{.05, .1, .25, .5, .75, 1, 1.5, 2, 3, 5, 10, 30, 60, 120, 300}
	m := &Metrics{
		launches: auto.NewCounterVec(prometheus.CounterOpts{
			Name: "preview_launches_total",
			Help: "Launches that came to their outcome: success at the app's first answer, failure, or cancelled when somebody ended it before. The reason is empty after a success.",
		}, []string{"runtime", "framework", "outcome", "reason"}),
		duration: auto.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "preview_launch_duration_seconds",
			Help:    "Time from the request to the app's first answer, of successful launches, by whether the dependencies were cached.",
			Buckets: buckets,
		}, []string{"runtime", "cached"}),
		stages: auto.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "preview_launch_stage_duration_seconds",
			Help:    "Time a launch spent in each of its stages, whatever its outcome; stages that it did not come to are not counted.",
			Buckets: buckets,
		}, []string{"runtime", "stage"}),
		uptime: auto.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "preview_uptime_seconds",
			Help:    "Time from the first answer to the end, of previews that ended.",
			Buckets: []float64{1, 10, 60, 300, 900, 1800, 3600, 7200, 14400, 43200, 86400},
		}, []string{"runtime"}),
		ends: auto.NewCounterVec(prometheus.CounterOpts{
			Name: "preview_ends_total",
			Help: "Previews that were running and ended, by the reason.",
		}, []string{"runtime", "reason"}),
		ooms: auto.NewCounter(prometheus.CounterOpts{
			Name: "preview_oom_total",
			Help: "Previews of which a process was killed because they needed more than their memory; each counts once.",
		}),
		moves: auto.NewCounterVec(prometheus.CounterOpts{
			Name: "preview_moves_total",
			Help: "Previews that were lost with their machine and came to the outcome of their move: success at the app's first answer on another one, failure, or cancelled when somebody ended them before.",
		}, []string{"outcome"}),
	}
	m.fromTheStart()
	return m
}

// fromTheStart lets the series be there before the first event, so that rates over them begin at nought and alerts are
// not blind to the first failure.
func (m *Metrics) fromTheStart() {
	m.platformFromTheStart(unknownRuntime)
	for _, what := range []outcome{succeeded, failed, cancelled} {
		m.moves.WithLabelValues(string(what))
	}
	for _, rt := range []preview.Runtime{
		preview.RuntimeNode, preview.RuntimePython, preview.RuntimeGo, preview.RuntimeStatic, preview.RuntimeDockerfile,
	} {
		m.launches.WithLabelValues(string(rt), "none", string(succeeded), "")
		m.launches.WithLabelValues(string(rt), "none", string(failed), string(preview.AppExited))
		m.platformFromTheStart(string(rt))
		m.uptime.WithLabelValues(string(rt))
		m.ends.WithLabelValues(string(rt), string(preview.User))
		for _, cached := range []string{"true", "false"} {
			m.duration.WithLabelValues(string(rt), cached)
		}
		for _, stage := range []preview.Phase{preview.Fetching, preview.Detecting, preview.Installing, preview.Creating, preview.Booting} {
			m.stages.WithLabelValues(string(rt), string(stage))
		}
	}
}

// platformFromTheStart does so for failures that are not the projects' own. When the engine goes, many launches fail between two scrapes.
func (m *Metrics) platformFromTheStart(rt string) {
	for _, why := range []preview.Code{preview.EngineUnavailable, preview.InstanceLost, preview.InternalError, preview.NoPorts, preview.DiskFull} {
		m.launches.WithLabelValues(rt, "none", string(failed), string(why))
	}
}

func runtimeOf(p preview.Preview) string { return cmp.Or(string(p.Runtime), unknownRuntime) }

// launched counts an outcome and what the launch took until then.
func (m *Metrics) launched(p preview.Preview, what outcome, why preview.Code, took preview.Timings) {
	if m == nil {
		return
	}
	rt := runtimeOf(p)
	m.launches.WithLabelValues(rt, cmp.Or(p.Framework, "none"), string(what), string(why)).Inc()
	for stage, ms := range took {
		if stage != total {
			m.stages.WithLabelValues(rt, stage).Observe(float64(ms) / 1000)
		}
	}
	if what == succeeded {
		m.duration.WithLabelValues(rt, strconv.FormatBool(p.Cached)).Observe(float64(took[total]) / 1000)
	}
}

// ended counts the end of a preview that ran.
func (m *Metrics) ended(p preview.Preview, why preview.Code, at time.Time) {
	if m == nil || p.RunningAt == nil {
		return
	}
	m.uptime.WithLabelValues(runtimeOf(p)).Observe(max(0, at.Sub(*p.RunningAt).Seconds()))
	m.ends.WithLabelValues(runtimeOf(p), string(why)).Inc()
}

func (m *Metrics) moved(what outcome) {
	if m != nil {
		m.moves.WithLabelValues(string(what)).Inc()
	}
}

func (m *Metrics) outOfMemory() {
	if m != nil {
		m.ooms.Inc()
	}
}
