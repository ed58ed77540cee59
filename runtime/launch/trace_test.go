package launch_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sirupsen/logrus"
	"github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/backendtest/fake"
	"previewd/runtime/launch"
	"previewd/runtime/preview"
	"previewd/runtime/tracing"
	"previewd/runtime/tracing/tracingtest"
)

// traced has the world's launches traced. The function it returns sends the spans.
func (w *world) traced() (collector *tracingtest.Receiver, send func()) {
	w.t.Helper()
	collector = tracingtest.New(w.t)
	logger, _ := test.NewNullLogger()
	made, err := tracing.New(w.t.Context(), tracing.Options{Settings: collector.Settings(), Log: logrus.NewEntry(logger)})
	if err != nil {
		w.t.Fatal(err)
	}
	w.traces = made
	w.restart("traced")
	return collector, func() { made.Close(context.Background()) }
}

var shownKeys = []tracing.Key{tracing.Outcome, tracing.Reason, tracing.Runtime, tracing.Framework, tracing.Cached}

func TestALaunchIsATrace(t *testing.T) {
	w := newWorld(t, serve)
	w.put("g", nodeApp)
	collector, send := w.traced()
	ctx, asked := w.traces.Serve(t.Context(), httptest.NewRequest("POST", "/", nil))
	l, err := w.Launch(ctx, launch.Request{GenerationID: "g", UserID: "u", ProjectID: "p"})
	asked.End() // long before the launch does
	if err != nil {
		t.Fatal(err)
	}
	w.running(l.Preview.ID)
	if err := w.Stop(t.Context(), "g", preview.User); err != nil {
		t.Fatal(err)
	}
	send()
	want := `POST
  launch outcome=success runtime=node framework=express cached=true
    queued
    fetching
    detecting
    installing cached=true
    creating
    booting
`
	if got := collector.Tree(collector.Named("POST")[0], shownKeys...); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if id := collector.Named("launch")[0].Attributes[string(tracing.PreviewID)]; id != l.Preview.ID {
		t.Error(id)
	}
}

func TestAFailedLaunchSaysWhyInItsTrace(t *testing.T) {
	tests := []struct {
		name    string
		program fake.Program
		files   map[string]string
		arrange func(*world)
		want    string
	}{
		{"the app", exitWith(3, "hunter2"), nodeApp, nil, `launch FAILED outcome=failure reason=APP_EXITED runtime=node framework=express cached=true
  queued
  fetching
  detecting
  installing cached=true
  creating
  booting FAILED reason=APP_EXITED
`},
		{"the project", serve, map[string]string{"notes.txt": "nothing that runs"}, nil, `launch FAILED outcome=failure reason=UNRECOGNISED_PROJECT runtime=unknown framework=none cached=false
  queued
  fetching
  detecting FAILED reason=UNRECOGNISED_PROJECT
`},
		{"the install", serve, nodeApp, func(w *world) {
			w.images.deps = func(context.Context) error { return &preview.Reason{Code: preview.InstallFailed, Message: "hunter2"} }
		}, `launch FAILED outcome=failure reason=INSTALL_FAILED runtime=node framework=express cached=false
  queued
  fetching
  detecting
  installing FAILED reason=INSTALL_FAILED
`},
		{"previewd", serve, nodeApp, func(w *world) {
			w.images.runtime = func(context.Context) error { return errBroken }
		}, `launch FAILED outcome=failure reason=INTERNAL_ERROR runtime=node framework=express cached=false
  queued
  fetching
  detecting
  installing FAILED reason=INTERNAL_ERROR
`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, tt.program)
			w.put("g", tt.files)
			if tt.arrange != nil {
				tt.arrange(w)
			}
			collector, send := w.traced()
			w.ended(w.launch("g").ID)
			send()
			if got := collector.Tree(collector.Named("launch")[0], shownKeys...); got != tt.want {
				t.Errorf("got\n%swant\n%s", got, tt.want)
			}
			for _, span := range collector.Spans() {
				for _, value := range span.Attributes {
					if strings.Contains(value, "hunter2") {
						t.Errorf("%+v", span)
					}
				}
			}
		})
	}
}

func TestALaunchThatIsStoppedIsNoFailure(t *testing.T) {
	w := newWorld(t, serve)
	w.put("g", nodeApp)
	begun := make(chan struct{})
	w.images.deps = func(ctx context.Context) error { close(begun); <-ctx.Done(); return ctx.Err() }
	collector, send := w.traced()
	w.launch("g")
	<-begun
	if err := w.Stop(t.Context(), "g", preview.User); err != nil {
		t.Fatal(err)
	}
	send()
	want := `launch outcome=cancelled reason=USER runtime=node framework=express cached=false
  queued
  fetching
  detecting
  installing reason=USER
`
	if got := collector.Tree(collector.Named("launch")[0], shownKeys...); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestALaunchThatIsLeftSaysSo: another process begins it anew. Nor is there a step for a turn that came at once after an install.
func TestALaunchThatIsLeftSaysSo(t *testing.T) {
	w := newWorld(t, serve, func(c *launch.Config) { c.Concurrency = 1 })
	w.put("g", nodeApp)
	w.images.deps = func(context.Context) error { return nil }
	collector, send := w.traced()
	w.running(w.launch("g").ID)
	begun := make(chan struct{})
	w.images.deps = func(ctx context.Context) error { close(begun); <-ctx.Done(); return ctx.Err() }
	w.put("h", nodeApp)
	left := w.launch("h")
	<-begun
	if err := w.Close(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	send()
	launches := collector.Named("launch")
	want := []string{`launch outcome=success runtime=node framework=express cached=true
  queued
  fetching
  detecting
  installing cached=true
  creating
  booting
`, `launch outcome=left runtime=node framework=express cached=false
  queued
  fetching
  detecting
  installing
`}
	for i := range want {
		if got := collector.Tree(launches[i], shownKeys...); got != want[i] {
			t.Errorf("got\n%swant\n%s", got, want[i])
		}
	}
	w.restart("next")
	if err := w.Discard(left); err != nil {
		t.Fatal(err)
	}
	w.ended(left.ID)
}
