package api

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
	"previewd/runtime/source"
	"previewd/server/config"
	"previewd/server/problem"
)

func TestBodyProblem(t *testing.T) {
	if code := problem.From(bodyProblem(os.ErrDeadlineExceeded)).Code; code != problem.InvalidRequest {
		t.Error("a slow body is the sender's fault:", code)
	}
	other := errors.New("other")
	if got := bodyProblem(other); !errors.Is(got, other) {
		t.Error(got)
	}
}

func TestHundredths(t *testing.T) {
	for n, want := range map[float64]float64{1.005: 1, 1.239: 1.24, math.Inf(1): 0, -0.001: 0} {
		if got := hundredths(n); got != want {
			t.Errorf("%v: %v", n, got)
		}
	}
	if hundredths(math.NaN()) != 0 {
		t.Error("NaN")
	}
}

func TestUptimeEndsWithThePreview(t *testing.T) {
	start := time.Now()
	a := New(Options{Now: func() time.Time { return start.Add(time.Hour) }})
	tests := []struct {
		started, ended *time.Time
		want           int64
	}{
		{nil, nil, 0},
		{&start, nil, 3600},
		{&start, new(start.Add(90 * time.Second)), 90},
		{new(start.Add(2 * time.Hour)), nil, 0}, // clocks differ
	}
	for _, test := range tests {
		if got := a.uptime(preview.Preview{StartedAt: test.started, EndedAt: test.ended}); got != test.want {
			t.Errorf("got %d, want %d", got, test.want)
		}
	}
	if New(Options{}).Now().IsZero() {
		t.Error("no clock by default")
	}
}

func TestUnpackingWaitsItsTurn(t *testing.T) {
	a := New(Options{Log: logrus.NewEntry(logrus.New())})
	for range cap(a.uploads) {
		a.uploads <- struct{}{}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodPut, "/", nil)
	_, err := a.store(r, upload{media: typeJSON, body: strings.NewReader("{}"), limits: source.Limits{}}, preview.Generation{})
	if problem.From(err).Code != problem.RequestTimeout {
		t.Error(err)
	}
}

func TestChecksAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := func(ctx context.Context) (string, error) { <-ctx.Done(); return "", ctx.Err() }
		a := New(Options{Log: logrus.NewEntry(logrus.New()), Checks: []Check{{Name: "a", Run: stuck}, {Name: "b", Run: stuck}}})
		a.Log.Logger.SetOutput(io.Discard)
		began, rec := time.Now(), httptest.NewRecorder()
		if err := a.Ready(rec, httptest.NewRequest(http.MethodGet, "/readyz", nil)); err != nil || rec.Code != http.StatusServiceUnavailable {
			t.Error(err, rec.Code)
		}
		if took := time.Since(began); took != checkTimeout {
			t.Error("checks run one after the other, or for too long:", took)
		}
	})
}

// stuck previews never settle, and stuckRows say so.
type (
	stuck     struct{ Previews }
	stuckRows struct{ Rows }
)

func (stuck) Wait(ctx context.Context, _ string) (preview.Preview, error) {
	<-ctx.Done()
	return preview.Preview{}, ctx.Err()
}

func (stuckRows) Preview(_ context.Context, id string) (preview.Preview, error) {
	return preview.Preview{ID: id, Status: preview.Starting}, nil
}

func TestTheWaitOfALaunchIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := New(Options{Previews: stuck{}, Rows: stuckRows{}, Config: config.Config{InstallTimeout: 300}})
		began := time.Now()
		p, err := a.waitFor(t.Context(), preview.Preview{ID: "p", Request: preview.Request{StartupTimeoutSeconds: 30}})
		if took := time.Since(began); err != nil || p.Status != preview.Starting || took != 390*time.Second {
			t.Error(p, err, took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := a.waitFor(ctx, preview.Preview{ID: "p"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Error("a caller who left is answered:", err)
		}
	})
}

func TestHandlersRefuseWithoutACaller(t *testing.T) {
	a := New(Options{})
	handlers := map[string]func(http.ResponseWriter, *http.Request) error{
		"put": a.PutGeneration, "get": a.GetGeneration, "list": a.ListGenerations, "delete": a.DeleteGeneration, "files": a.ListFiles,
		"launch": a.Launch, "status": a.Status, "stop": a.Stop, "config": a.PreviewConfig, "logs": a.Logs, "previews": a.ListPreviews, "extend": a.Extend, "session": a.RenewSession, "revoke": a.RevokeShares,
	}
	for name, handle := range handlers {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.SetPathValue(GenerationID, "g1")
		if err := handle(httptest.NewRecorder(), r); problem.From(err).Code != problem.InvalidToken {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnswerThatCannotBeEncoded(t *testing.T) {
	rec := httptest.NewRecorder()
	if err := answer(rec, http.StatusOK, math.NaN()); err == nil || rec.Body.Len() > 0 {
		t.Error(err, rec.Body)
	}
}
