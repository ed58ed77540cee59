package gateway_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/tracing"
	"previewd/runtime/tracing/tracingtest"
	"previewd/server/gateway"
)

const visitorsTrace = "4bf92f3577b34da6a3ce929d0e0e4736"

func TestAVisitGoesOnWithTheVisitorsTrace(t *testing.T) {
	collector := tracingtest.New(t)
	log, _ := logtest.NewNullLogger()
	traces, err := tracing.New(t.Context(), tracing.Options{Settings: collector.Settings(), Log: logrus.NewEntry(log)})
	if err != nil {
		t.Fatal(err)
	}
	b := newBed(t, func(o *gateway.Options) { o.Traces = traces })
	p := b.app(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/broken" {
			w.WriteHeader(http.StatusInternalServerError)
		}
		headers(w, r)
	})
	sent := []string{"Traceparent", "00-" + visitorsTrace + "-00f067aa0ba902b7-00", "Tracestate", "vendor=note", "Baggage", "user=alice"}
	seen := b.seen(b.get("/a/secret/path?key=hunter2", sent...))
	b.seen(b.get("/broken", "Traceparent", "00-hostile"))
	b.visit("/without-a-token", sent...) // 401
	b.front.Close()
	traces.Close(context.Background())

	spans := collector.Named("gateway")
	if len(spans) != 2 || len(collector.Spans()) != 2 {
		t.Fatalf("%+v", spans)
	}
	one, broken := spans[0], spans[1]
	if one.Trace != visitorsTrace || one.Parent != "00f067aa0ba902b7" || one.Kind != "server" || one.Failed {
		t.Errorf("%+v", one)
	}
	if broken.Parent != "" || !broken.Failed || broken.Attributes["error.type"] != "500" {
		t.Errorf("%+v", broken)
	}
	for _, span := range spans {
		if span.Attributes["http.request.method"] != "GET" || span.Attributes["previewd.preview_id"] != p.ID {
			t.Errorf("%+v", span)
		}
		for _, value := range span.Attributes {
			if strings.Contains(value, "hunter2") || strings.Contains(value, "path") || strings.Contains(value, "alice") {
				t.Errorf("%+v", span)
			}
		}
	}
	if want := "00-" + visitorsTrace + "-" + one.ID + "-01"; seen.Get("Traceparent") != want || seen.Get("Tracestate") != "vendor=note" || seen.Get("Baggage") != "user=alice" {
		t.Errorf("the app saw %v", seen)
	}
}

// TestWithoutTracesTheVisitorsAreTheApps: what there is of them passes as any other header does.
func TestWithoutTracesTheVisitorsAreTheApps(t *testing.T) {
	b := newBed(t)
	b.app(headers)
	seen := b.seen(b.get("/", "Traceparent", "anything", "Tracestate", "vendor=note"))
	if seen.Get("Traceparent") != "anything" || seen.Get("Tracestate") != "vendor=note" {
		t.Errorf("the app saw %v", seen)
	}
}
