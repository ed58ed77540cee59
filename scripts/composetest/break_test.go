//go:build compose

package composetest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"previewd/server/client"
)

// breakage is something that goes wrong, the alerts that have to tell of it, all and no others, and the panel on which it is seen.
type breakage struct {
	what   string
	alerts []string
	panel  panel
	do     func()
	undo   func()
}

// panel is one query of a dashboard's panel.
type panel struct {
	board, title string
	target       int
}

// breakages are done one after the other, each on a stack that is well.
func (s *stack) breakages() []breakage {
	status := panel{"overview", "Engine and database", 0}
	return []breakage{
		{"the database stops", []string{"PreviewDatabaseUnreachable"}, status, func() { s.compose("stop", "postgres") }, func() { s.compose("start", "postgres") }},
		{"the engine is cut off", []string{"PreviewEngineUnreachable"}, status, func() { s.engine.cut(true) }, func() { s.engine.cut(false) }},
		{"launches fail without an engine", []string{"PreviewEngineUnreachable", "PreviewPlatformFailures"}, panel{"overview", "Failures by reason", 0}, s.launchWithoutEngine, func() { s.engine.cut(false) }},
		{"the ports are leased", []string{"PreviewPortsNearlyGone"}, panel{"overview", "Ports leased", 0}, s.fillPorts, s.freePorts},
		{"previews run out of memory", []string{"PreviewOutOfMemory"}, panel{"overview", "Out of memory", 0}, func() { s.failing(4, hungry) }, func() {}},
		{"projects are broken", []string{"PreviewLaunchFailureRate"}, panel{"overview", "Failures by reason", 0}, func() { s.failing(11, `process.exit(3)`) }, func() {}},
		{"an app floods", []string{"PreviewLogFlood"}, panel{"logs", "Dropped lines", 0}, func() { s.launch("flood", flood) }, func() { s.end("flood") }},
		{"the receiver of webhooks fails", []string{"PreviewWebhookBacklog"}, panel{"overview", "Webhooks", 1}, func() { s.tell(http.StatusServiceUnavailable) }, func() { s.receiver.answers(http.StatusNoContent) }},
		{"the receiver of webhooks is gone", []string{"PreviewWebhooksGivenUp"}, panel{"overview", "Webhooks", 0}, func() { s.tell(http.StatusGone) }, s.receiverIsBack},
		{"previewd is killed", []string{"PreviewdDown"}, panel{"overview", "previewd itself", 0}, func() { s.compose("kill", "previewd") }, func() { s.compose("start", "previewd") }},
	}
}

// breaks does it, waits for its alerts, for the panel to move and, after the repair, for all to be silent again.
func (s *stack) breaks(b breakage) {
	s.t.Helper()
	s.firing()
	begin, before := time.Now(), s.number(b.panel)
	b.do()
	s.firing(b.alerts...)
	during := before
	s.await(b.panel.title+" moves", func(context.Context) error {
		if during = s.number(b.panel); during == before {
			return fmt.Errorf("it stays at %v", before)
		}
		return nil
	})
	fired := time.Since(begin)
	b.undo()
	s.firing()
	after := s.number(b.panel)
	s.t.Logf("%s: %s after %.0f s, over after %.0f s; %s: %.3g, %.3g, %.3g", b.what, strings.Join(b.alerts, " and "), fired.Seconds(), time.Since(begin).Seconds(), b.panel.title, before, during, after)
	if seen := s.firedSince(begin); !slices.Equal(seen, b.alerts) {
		s.t.Errorf("%s: there fired %v, want %v and no others", b.what, seen, b.alerts)
	}
	s.await("the service is ready", s.ready)
}

func (s *stack) ready(ctx context.Context) error {
	status, body, err := get(ctx, "http://127.0.0.1:"+s.listen+"/readyz")
	if err == nil && status != http.StatusOK {
		err = errors.New(body)
	}
	return err
}

// firing waits until these alerts fire and no others.
func (s *stack) firing(want ...string) {
	s.t.Helper()
	slices.Sort(want)
	s.await(fmt.Sprintf("firing alerts %v", want), func(ctx context.Context) error {
		var answer struct {
			Data struct {
				Alerts []struct {
					State  string
					Labels map[string]string
				}
			}
		}
		if err := s.ask(ctx, "/api/v1/alerts", &answer); err != nil {
			return err
		}
		var is []string
		for _, a := range answer.Data.Alerts {
			if a.State == "firing" {
				is = append(is, a.Labels["alertname"])
			}
		}
		slices.Sort(is)
		if is = slices.Compact(is); !slices.Equal(is, want) {
			return fmt.Errorf("there are %v", answer.Data.Alerts)
		}
		return nil
	})
}

// firedSince are the alerts that fired at any moment since then.
func (s *stack) firedSince(begin time.Time) (names []string) {
	s.t.Helper()
	expr := fmt.Sprintf(`count by (alertname) (last_over_time(ALERTS{alertstate="firing"}[%ds]))`, int(time.Since(begin).Seconds()))
	result, err := s.query(s.t.Context(), expr)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, r := range result {
		names = append(names, r.Metric["alertname"])
	}
	slices.Sort(names)
	return names
}

func (s *stack) launchWithoutEngine() {
	s.engine.cut(true)
	for range 4 {
		if launched, err := s.try("homeless", spy); err == nil && launched.Status == "running" {
			s.t.Error("a launch without an engine")
		}
	}
}

// fillPorts launches until there is no port left.
func (s *stack) fillPorts() {
	for n := 1; n < ports; n++ {
		s.launch(fmt.Sprint("full", n), spy)
	}
	problem, ok := errors.AsType[*client.Problem](second(s.try("one-too-many", spy)))
	if !ok || problem.ErrorCode != "NO_PORTS_AVAILABLE" {
		s.t.Errorf("without a port: %v", problem)
	}
}

func (s *stack) freePorts() {
	for n := 1; n < ports; n++ {
		s.end(fmt.Sprint("full", n))
	}
}

func (s *stack) end(id string) {
	s.t.Helper()
	if err := s.Stop(s.t.Context(), id); err != nil {
		s.t.Error(err)
	}
}

// failing launches what does not start, two at a time.
func (s *stack) failing(n int, program string) {
	var both sync.WaitGroup
	for lane := range 2 {
		both.Go(func() {
			for range (n + lane) / 2 {
				if launched, err := s.try(fmt.Sprint("failing", lane), program); err != nil || launched.Status == "running" {
					s.t.Errorf("it is %s, %v", launched.Status, err)
				}
			}
		})
	}
	both.Wait()
}

// tell has the receiver answer with a status, and something to be told.
func (s *stack) tell(status int) {
	s.receiver.answers(status)
	s.launch("told", spy)
	s.end("told")
}

// receiverIsBack does what the runbook says.
func (s *stack) receiverIsBack() {
	s.receiver.answers(http.StatusNoContent)
	s.compose("exec", "-T", "previewd", "sh", "-c", "PREVIEW_TOKEN=$(previewd token --sub operator --admin) previewd webhooks retry --all")
}

// receiver takes webhooks, or does not.
type receiver struct{ status atomic.Int64 }

func (r *receiver) answers(status int) { r.status.Store(int64(status)) }

func (r *receiver) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(int(r.status.Load()))
}

// flood writes far more than a log may take, and stays.
const flood = `
for (let i = 0; i < 400000; i++) console.log('line ' + i)
require('http').createServer((q, a) => a.end('hello')).listen(process.env.PORT)`
