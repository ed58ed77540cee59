package problem

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/preview"
	"previewd/runtime/source"
	"previewd/server/middleware/requestid"
)

var at = time.Date(2026, 3, 4, 5, 6, 7, 0, time.FixedZone("", 3600))

// write answers a request with an error and returns the answer and what was logged.
func write(ctx context.Context, t *testing.T, err error) (*http.Response, Body, []*logrus.Entry) {
	t.Helper()
	log, hook := logtest.NewNullLogger()
	log.SetLevel(logrus.DebugLevel)
	p := &Renderer{Log: logrus.NewEntry(log), Now: func() time.Time { return at }}
	h := requestid.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.Write(w, r, err) }))
	rec := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	r.Header.Set(requestid.Header, "req-1")
	h.ServeHTTP(rec, r)
	resp := rec.Result()
	defer resp.Body.Close()
	var body Body
	if rec.Body.Len() > 0 {
		if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil {
			t.Fatal(err)
		}
	}
	return resp, body, hook.AllEntries()
}

func TestShape(t *testing.T) {
	resp, body, _ := write(t.Context(), t, fmt.Errorf("look it up: %w", preview.ErrPreviewNotFound))
	want := Body{
		Type: "urn:previewd:error:PREVIEW_NOT_FOUND", Title: "Preview not found", Status: 404, Detail: "There is no preview of this generation.",
		ErrorCode: "PREVIEW_NOT_FOUND", Timestamp: at.UTC(), RequestID: "req-1",
	}
	if diff := cmp.Diff(want, body); diff != "" {
		t.Error(diff)
	}
	if resp.StatusCode != 404 || resp.Header.Get("Content-Type") != "application/problem+json" || resp.Header.Get("Cache-Control") != "no-store" {
		t.Error(resp.StatusCode, resp.Header)
	}
}

func TestMapping(t *testing.T) {
	tests := []struct {
		name   string
		err    error
		status int
		code   Code
		detail string
	}{
		{"own error, wrapped", fmt.Errorf("x: %w", New(InvalidRequest, "timeout: want 1 to 600 seconds")), 400, InvalidRequest, "timeout: want 1 to 600 seconds"},
		{"own error with a cause of another kind", New(InvalidToken, "").Because(preview.ErrNoPorts), 401, InvalidToken, "A valid bearer token is required."},
		{"session token", New(InvalidSessionToken, ""), 401, InvalidSessionToken, "The session token is not valid for this preview, or it has expired."},
		{"generation", preview.ErrGenerationNotFound, 404, GenerationNotFound, "There is no generation with this id."},
		{"permission", preview.ErrPermissionDenied, 403, PermissionDenied, "The generation belongs to another user."},
		{"ports", preview.ErrNoPorts, 503, NoPortsAvailable, "No ports available."},
		{"quota", preview.ErrQuotaExceeded, 429, QuotaExceeded, "The active previews leave no room for another one."},
		{
			"quota of a user's previews", fmt.Errorf("x: %w", &preview.QuotaError{Quota: preview.QuotaPreviewsPerUser, Most: 5, Used: 5, Wanted: 1}), 429, QuotaExceeded,
			"The user has 5 active previews, and at most 5 are allowed. Stop one of them first.",
		},
		{
			"quota of a user's memory", &preview.QuotaError{Quota: preview.QuotaMemoryPerUser, Most: 1024, Used: 768, Wanted: 512}, 429, QuotaExceeded,
			"The user's active previews may use 768 MB of memory, this one wants 512 MB, and at most 1024 MB are allowed. " +
				"Stop one of them first, or launch with a smaller memory_mb.",
		},
		{
			"quota of all memory", &preview.QuotaError{Quota: preview.QuotaMemoryTotal, Most: 4096, Used: 4000, Wanted: 512}, 503, QuotaExceeded,
			"All active previews together may use 4000 MB of memory, this one wants 512 MB, and at most 4096 MB are allowed. " +
				"Try again when others have ended, or launch with a smaller memory_mb.",
		},
		{
			"rate", fmt.Errorf("x: %w", &preview.RateError{Of: "launches", Rate: preview.Rate{Most: 10, Per: time.Hour}, Reset: at}), 429, RateLimitExceeded,
			"The limit of 10 launches per hour is used up until 2026-03-04T04:06:07Z.",
		},
		{"engine", fmt.Errorf("dial unix /secret: %w", preview.ErrEngineUnavailable), 503, EngineUnavailable, "The container engine cannot be reached."},
		{"active", preview.ErrGenerationActive, 409, GenerationActive, "A preview of the generation is still active."},
		{"cursor", preview.ErrInvalidCursor, 400, InvalidCursor, "The cursor is not one that a list gave out."},
		{"deadline", fmt.Errorf("query: %w", context.DeadlineExceeded), 504, RequestTimeout, "The request took too long."},
		{"race", &preview.TransitionError{From: preview.Stopped, To: preview.Running}, 409, Conflict, "The preview changed meanwhile."},
		{"files", fmt.Errorf("read: %w", &source.Error{Path: "../etc/passwd", Problem: "leads outside the project"}), 400, InvalidRequest, `"../etc/passwd": leads outside the project`},
		{"body", &http.MaxBytesError{Limit: 5}, 413, PayloadTooLarge, "The body is larger than 5 bytes."},
		{"unknown", errors.New(`pq: relation "previews" does not exist`), 500, Internal, "Something went wrong. The request id leads to the log entry."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			resp, body, _ := write(t.Context(), t, test.err)
			if resp.StatusCode != test.status || body.Status != test.status || body.ErrorCode != test.code || body.Detail != test.detail {
				t.Errorf("got %d %s %q", resp.StatusCode, body.ErrorCode, body.Detail)
			}
			if body.Title == "" || strings.Contains(body.Title+body.Detail, "pq:") {
				t.Errorf("title %q, detail %q", body.Title, body.Detail)
			}
		})
	}
}

func TestEveryCodeIsComplete(t *testing.T) {
	for code, k := range kinds {
		if k.status < 400 || k.title == "" || k.detail == "" {
			t.Errorf("%s: %+v", code, k)
		}
	}
}

func TestHeadersByStatus(t *testing.T) {
	resp, _, _ := write(t.Context(), t, New(InvalidToken, ""))
	if resp.Header.Get("WWW-Authenticate") != `Bearer realm="previewd"` {
		t.Error(resp.Header)
	}
	resp, _, _ = write(t.Context(), t, preview.ErrEngineUnavailable)
	if resp.Header.Get("Retry-After") == "" {
		t.Error(resp.Header)
	}
}

// writeRaw returns the header of an answer and all its members.
func writeRaw(t *testing.T, err error) (http.Header, map[string]any) {
	t.Helper()
	rec := httptest.NewRecorder()
	log, _ := logtest.NewNullLogger()
	(&Renderer{Log: logrus.NewEntry(log), Now: func() time.Time { return at }}).Write(rec, httptest.NewRequest(http.MethodGet, "/", nil), err)
	var body map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil {
		t.Fatal(err, rec.Body)
	}
	return rec.Header(), body
}

func TestFurtherMembersAndRetryAfter(t *testing.T) {
	base := New(QuotaExceeded, "")
	err := base.With("retry_after", 2).With("reset_time", at.UTC()).After(1500 * time.Millisecond)
	header, got := writeRaw(t, err)
	want := map[string]any{
		"type": "urn:previewd:error:QUOTA_EXCEEDED", "title": "Quota exceeded", "status": 429.0, "detail": "The active previews leave no room for another one.",
		"error_code": "QUOTA_EXCEEDED", "timestamp": "2026-03-04T04:06:07Z", "request_id": "", "retry_after": 2.0, "reset_time": "2026-03-04T04:06:07Z",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if after := header.Get("Retry-After"); after != "2" {
		t.Errorf("Retry-After %q", after)
	}
	if base.Members != nil || base.RetryAfter != 0 {
		t.Error("the error it began with was changed:", base)
	}
}

func TestRateLimitTellsWhenToComeBack(t *testing.T) {
	for wait, want := range map[time.Duration]struct {
		after int64
		reset time.Duration
	}{
		90 * time.Second: {90, 90 * time.Second}, 1500 * time.Millisecond: {2, 2 * time.Second}, 0: {1, 0},
		-time.Minute: {1, -time.Minute}, // the database's clock may be behind
	} {
		resp, body := writeRaw(t, &preview.RateError{Of: "launches", Rate: preview.Rate{Most: 1, Per: time.Minute}, Reset: at.Add(wait)})
		if body["retry_after"] != float64(want.after) || body["reset_time"] != at.Add(want.reset).UTC().Format(time.RFC3339) || resp.Get("Retry-After") != fmt.Sprint(want.after) {
			t.Errorf("%v: %v %v", wait, body, resp)
		}
	}
	if _, body := writeRaw(t, preview.ErrNoPorts); body["retry_after"] != nil || body["reset_time"] != nil {
		t.Error(body)
	}
}

func TestLoggedOnce(t *testing.T) {
	tests := []struct {
		err   error
		level logrus.Level
	}{{errors.New("broken"), logrus.ErrorLevel}, {preview.ErrPreviewNotFound, logrus.DebugLevel}}
	for _, test := range tests {
		_, _, logged := write(t.Context(), t, test.err)
		if len(logged) != 1 || logged[0].Level != test.level || logged[0].Data["request_id"] != "req-1" {
			t.Fatalf("%v: %+v", test.err, logged)
		}
		if cause, ok := logged[0].Data["err"].(error); !ok || !errors.Is(cause, test.err) {
			t.Errorf("%v was logged as %v", test.err, logged[0].Data["err"])
		}
	}
}

func TestNobodyIsLeftToAnswer(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	resp, body, logged := write(ctx, t, errors.New("broken"))
	if resp.StatusCode != 499 || body != (Body{}) || resp.Header.Get("Content-Type") != "" || len(logged) != 1 || logged[0].Level != logrus.DebugLevel {
		t.Error(body, resp.Header, logged)
	}
}

func TestErrorText(t *testing.T) {
	e := Newf(Conflict, "%d of them", 2)
	if e.Error() != "CONFLICT: 2 of them" {
		t.Error(e)
	}
	because := e.Because(errors.New("why"))
	if because.Error() != "CONFLICT: 2 of them: why" || e.Unwrap() != nil || because.Unwrap() == nil {
		t.Error(because, e.Unwrap())
	}
}

func TestDefaultClock(t *testing.T) {
	body := (&Renderer{}).body(New(Internal, ""), "")
	if time.Since(body.Timestamp) > time.Minute {
		t.Error(body.Timestamp)
	}
}
