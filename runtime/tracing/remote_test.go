package tracing_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"previewd/runtime/tracing"
	"previewd/runtime/tracing/tracingtest"
)

const (
	traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
	spanID  = "00f067aa0ba902b7"
	parent  = "00-" + traceID + "-" + spanID + "-01"
	dropped = "00-" + traceID + "-" + spanID + "-00" // the caller does not keep it
)

func request(headers ...string) *http.Request {
	r := httptest.NewRequest("BREW", "/", nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func TestARequestGoesOnWithItsCallersTrace(t *testing.T) {
	long := strings.Repeat("a=b,", 128) + "a=b"
	tests := []struct {
		name    string
		headers []string
		goesOn  bool
		state   string // that an app sees after a visit
	}{
		{"none", nil, false, ""},
		{"a parent", []string{"traceparent", parent, "tracestate", "vendor=note", "tracestate", "other=one"}, true, "vendor=note,other=one"},
		{"a later version", []string{"traceparent", "cc-" + traceID + "-" + spanID + "-01-more"}, true, ""},
		{"an impossible version", []string{"traceparent", "ff-" + traceID + "-" + spanID + "-01", "tracestate", "a=b"}, false, ""},
		{"no trace", []string{"traceparent", "00-" + strings.Repeat("0", 32) + "-" + spanID + "-01"}, false, ""},
		{"no span", []string{"traceparent", "00-" + traceID + "-" + strings.Repeat("0", 16) + "-01"}, false, ""},
		{"upper case", []string{"traceparent", strings.ToUpper(parent)}, false, ""},
		{"too long", []string{"traceparent", parent + strings.Repeat("0", 60_000)}, false, ""},
		{"control characters", []string{"traceparent", parent[:54] + "\x00"}, false, ""},
		{"two", []string{"traceparent", parent, "traceparent", parent}, false, ""},
		{"a state alone", []string{"tracestate", "a=b"}, false, ""},
		{"a long state", []string{"traceparent", parent, "tracestate", long}, true, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			collector := tracingtest.New(t)
			made, _ := tracer(t, collector.Settings())
			r := request(append(test.headers, "baggage", "token=hunter2")...)
			_, served := made.Serve(r.Context(), r)
			served.Routed(r, "/{id}")
			served.End()
			_, visit := made.Visit(r.Context(), r)
			toApp := r.Header.Clone()
			visit.Hand(toApp)
			visit.End()
			closed(t, made)
			for _, span := range collector.Spans() {
				if (span.Trace == traceID) != test.goesOn || (span.Parent == spanID) != test.goesOn || span.Kind != "server" || span.State != "" {
					t.Errorf("%+v", span)
				}
				if span.Attributes[string(tracing.Method)] != "_OTHER" || len(span.Attributes) > 2 {
					t.Error(span.Attributes)
				}
			}
			visited := collector.Named("gateway")[0]
			if want := "00-" + visited.Trace + "-" + visited.ID + "-01"; len(toApp["Traceparent"]) != 1 || toApp.Get("Traceparent") != want {
				t.Error(toApp, want)
			}
			if got := strings.Join(toApp["Tracestate"], ","); got != test.state {
				t.Errorf("the app sees the state %q", got)
			}
			if toApp.Get("Baggage") != "token=hunter2" {
				t.Error("what is the app's own was touched")
			}
			if len(collector.Named("_OTHER /{id}")) != 1 {
				t.Error(collector.Spans())
			}
		})
	}
}

// kept counts the spans of many requests that the sampler keeps.
func kept(t *testing.T, sampler tracing.Sampler, ratio float64, ask func(*tracing.Tracer)) int {
	t.Helper()
	collector := tracingtest.New(t)
	s := collector.Settings()
	s.Sampler, s.Ratio = sampler, ratio
	made, _ := tracer(t, s)
	for range 1000 {
		ask(made)
	}
	closed(t, made)
	return len(collector.Spans())
}

// TestWhoDecidesWhatIsKept: the caller of the API does, within bounds, and a visitor does not.
func TestWhoDecidesWhatIsKept(t *testing.T) {
	serve := func(headers ...string) func(*tracing.Tracer) {
		return func(made *tracing.Tracer) {
			ctx, span := made.Serve(t.Context(), request(headers...))
			_, inner := made.Start(ctx, "inner") // kept or not with its parent
			inner.End()
			span.End()
		}
	}
	visit := func(headers ...string) func(*tracing.Tracer) {
		return func(made *tracing.Tracer) {
			ctx, span := made.Visit(t.Context(), request(headers...))
			_, inner := made.Start(ctx, "inner")
			inner.End()
			span.End()
		}
	}
	low := "00-" + strings.Repeat("0", 31) + "1-" + spanID + "-01" // whose id every ratio keeps
	tests := []struct {
		name     string
		sampler  tracing.Sampler
		ratio    float64
		ask      func(*tracing.Tracer)
		min, max int
	}{
		{"everything", tracing.ParentOn, 1, serve(), 2000, 2000},
		{"a caller does not want it", tracing.ParentOn, 1, serve("traceparent", dropped), 0, 0},
		{"nothing", tracing.ParentOff, 1, serve(), 0, 0},
		{"a caller wants it", tracing.ParentOff, 1, serve("traceparent", parent), 200, 400},
		{"never", tracing.AlwaysOff, 1, serve("traceparent", parent), 0, 0},
		{"always", tracing.AlwaysOn, 1, serve("traceparent", dropped), 2000, 2000},
		{"some", tracing.ParentRatio, 0.1, serve(), 100, 400},
		{"some, by their ids", tracing.Ratio, 0.1, serve(), 100, 400},
		{"a visitor wants it", tracing.ParentOff, 1, visit("traceparent", parent), 0, 0},
		{"a visitor does not", tracing.ParentOn, 1, visit("traceparent", dropped), 2000, 2000},
		{"a visitor chooses an id", tracing.ParentRatio, 0.1, visit("traceparent", low), 100, 400},
		{"and without a parent's word", tracing.Ratio, 0.1, visit("traceparent", low), 100, 400},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if n := kept(t, test.sampler, test.ratio, test.ask); n < test.min || n > test.max {
				t.Errorf("%d spans of 1000 requests were kept", n)
			}
		})
	}
}

var wellFormed = regexp.MustCompile(`^00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]$`)

// FuzzWhatStrangersSend holds every header to it that an app sees one parent, of previewd's own making, and no state that
// belongs to another trace or is without end.
func FuzzWhatStrangersSend(f *testing.F) {
	for _, seed := range []string{parent, dropped, "00-" + traceID, "cc-" + traceID + "-" + spanID + "-01-x", "\x00", strings.Repeat("-", 100)} {
		f.Add(seed, "vendor=note", 1)
		f.Add(seed, strings.Repeat("a=b,", 200), 2)
	}
	made, _ := tracer(f, tracingtest.New(f).Settings())
	f.Cleanup(func() { closed(f, made) })
	f.Fuzz(func(t *testing.T, sent, state string, times int) {
		r := request("tracestate", state)
		for range times & 3 {
			r.Header.Add("traceparent", sent)
		}
		_, span := made.Visit(t.Context(), r)
		defer span.End()
		span.Hand(r.Header)
		told := r.Header["Traceparent"]
		if len(told) != 1 || !wellFormed.MatchString(told[0]) || told[0][36:52] == spanID {
			t.Errorf("the app is told %q", told)
		}
		goesOn := len(sent) > 35 && told[0][3:35] == sent[3:35]
		if got := r.Header.Get("Tracestate"); got != "" && (!goesOn || len(got) > 512) {
			t.Errorf("%q goes on with %q", got, sent)
		}
	})
}
