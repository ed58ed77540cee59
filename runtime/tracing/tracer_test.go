package tracing_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/tracing"
	"previewd/runtime/tracing/tracingtest"
)

func tracer(t testing.TB, s tracing.Settings) (*tracing.Tracer, *test.Hook) {
	t.Helper()
	logger, said := test.NewNullLogger()
	made, err := tracing.New(t.Context(), tracing.Options{Settings: s, Version: "v1", Log: logrus.NewEntry(logger)})
	if err != nil {
		t.Fatal(err)
	}
	return made, said
}

// closed sends everything.
func closed(t testing.TB, made *tracing.Tracer) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	made.Close(ctx)
}

func TestATreeOfSpans(t *testing.T) {
	r := tracingtest.New(t)
	s := r.Settings()
	s.Headers, s.Gzip, s.Attributes = map[string]string{"X-Api-Key": "hunter2"}, true, map[string]string{"deployment.environment": "test", "service.name": "other"}
	made, said := tracer(t, s)
	ctx, top := made.Start(t.Context(), "top")
	top.Set(tracing.Runtime, "node")
	top.SetBool(tracing.Cached, true)
	inner, part := made.Start(ctx, "part")
	call := made.Call(inner, "engine ping")
	call.Answered(http.StatusInternalServerError)
	call.End()
	part.Fail("OUT_OF_MEMORY")
	part.End()
	made.Call(context.Background(), "of nobody").End()
	later, after := made.Start(tracing.Detached(inner), "later")
	if later.Done() != nil {
		t.Error("the detached context can end")
	}
	after.End()
	top.End()
	closed(t, made)
	want := "top runtime=node cached=true\n" +
		"  part FAILED type=OUT_OF_MEMORY\n" +
		"    engine ping FAILED type=500 status_code=500\n" +
		"    later\n"
	if got := r.Tree(r.Named("top")[0], tracing.Runtime, tracing.Cached, tracing.ErrorType, tracing.Status); got != want || len(r.Spans()) != 4 {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if h := r.Headers(); len(h) != 1 || h[0].Get("X-Api-Key") != "hunter2" || h[0].Get("Content-Encoding") != "gzip" {
		t.Error(h)
	}
	resource := r.Spans()[0].Resource
	if resource["service.name"] != "previewd" || resource["service.version"] != "v1" || resource["deployment.environment"] != "test" {
		t.Error(resource)
	}
	if len(said.AllEntries()) > 0 {
		t.Error(said.AllEntries())
	}
}

// TestOffCostsNothing goes the way of a gateway's request where nothing is traced.
func TestOffCostsNothing(t *testing.T) {
	made, _ := tracer(t, tracing.Settings{})
	if made != nil {
		t.Fatal("there is a tracer without an endpoint")
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Traceparent", parent)
	r.Header.Set("Tracestate", "a=b")
	out := http.Header{}
	allocations := testing.AllocsPerRun(1000, func() {
		ctx, span := made.Visit(r.Context(), r)
		span.Set(tracing.PreviewID, "id")
		span.Hand(out)
		span.Answered(http.StatusBadGateway)
		span.End()
		_, span = made.Start(ctx, "launch")
		span.End()
		made.Call(ctx, "engine").End()
		_, span = made.Serve(ctx, r)
		span.Routed(r, "/")
		tracing.Of(ctx).SetBool(tracing.Cached, true)
		_ = tracing.Detached(ctx)
	})
	if allocations != 0 || len(out) > 0 {
		t.Errorf("%v allocations, handed on %v", allocations, out)
	}
	log := logrus.NewEntry(logrus.New())
	if tracing.Log(t.Context(), log) != log {
		t.Error("an entry was copied for nothing")
	}
	closed(t, made)
}

func TestWhatMayBeTriedAgainIs(t *testing.T) {
	r := tracingtest.New(t)
	r.Answer(http.StatusServiceUnavailable, http.StatusTooManyRequests)
	made, said := tracer(t, r.Settings())
	_, span := made.Start(t.Context(), "one")
	span.End()
	closed(t, made)
	if len(r.Named("one")) != 1 || len(r.Headers()) != 3 || len(said.AllEntries()) > 0 {
		t.Errorf("%d spans after %d posts, %v", len(r.Spans()), len(r.Headers()), said.AllEntries())
	}
}

func TestWhatIsRefusedIsNot(t *testing.T) {
	r := tracingtest.New(t)
	r.Answer(http.StatusUnauthorized)
	s := r.Settings()
	s.Endpoint = strings.Replace(s.Endpoint, "http://", "http://user:hunter2@", 1) + "?key=hunter2"
	made, said := tracer(t, s)
	_, span := made.Start(t.Context(), "one")
	span.End()
	closed(t, made)
	if len(r.Headers()) != 1 || len(said.AllEntries()) != 1 || said.LastEntry().Level != logrus.WarnLevel {
		t.Fatalf("%d posts, %v", len(r.Headers()), said.AllEntries())
	}
	line, err := said.LastEntry().String()
	if err != nil || !strings.Contains(line, "the collector answered 401") || strings.Contains(line, "hunter2") {
		t.Error(line, err)
	}
}

func TestSpansThatACollectorDoesNotWantAreToldOf(t *testing.T) {
	r := tracingtest.New(t)
	r.Reject(3)
	made, said := tracer(t, r.Settings())
	_, span := made.Start(t.Context(), "one")
	span.End()
	closed(t, made)
	if len(r.Headers()) != 1 || len(said.AllEntries()) != 1 || !strings.Contains(fmt.Sprint(said.LastEntry().Data), "rejected 3 spans") {
		t.Errorf("%d posts, %v", len(r.Headers()), said.AllEntries())
	}
}

// TestACollectorThatIsAway: ending spans takes no time, it is told of once, and the end is in time.
func TestACollectorThatIsAway(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // it takes connections and answers nothing
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for name, endpoint := range map[string]string{"silent": "http://user:hunter2@" + silent.Addr().String(), "refusing": "http://127.0.0.1:1/?key=hunter2"} {
		t.Run(name, func(t *testing.T) {
			s := tracingtest.New(t).Settings()
			s.Endpoint, s.Timeout = endpoint, time.Minute
			made, said := tracer(t, s)
			for range 10_000 { // more than any queue holds
				_, span := made.Start(t.Context(), "one")
				span.End()
			}
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			made.Close(ctx)
			warned := 0
			for _, e := range said.AllEntries() {
				line, err := e.String()
				if err != nil || strings.Contains(line, "hunter2") {
					t.Error(line, err)
				}
				if strings.Contains(e.Message, "not sent in time") {
					warned++
				}
			}
			if warned != 1 {
				t.Error(said.AllEntries())
			}
		})
	}
}
