package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// asked is an answer of the request route, or the problem in its place.
type asked struct {
	Status     int `json:"-"` // of the route itself
	StatusCode int `json:"status_code"`
	Headers    map[string]string
	Body       any
	ErrorCode  string `json:"error_code"`
	Reason     string
}

// ask sends a request to a preview through the API, with nothing but its session token.
func (p *project) ask(ctx context.Context, api, token, body string) (a asked, err error) {
	url := api + "/api/v1/generations/" + p.id + "/preview/request"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return a, err
	}
	req.Header.Set("X-Preview-Token", token)
	resp, err := web.Do(req)
	if err != nil {
		return a, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return a, err
	}
	a.Status = resp.StatusCode
	return a, json.Unmarshal(text, &a)
}

func TestRequestToARealApp(t *testing.T) {
	s := start(t, settings(t, 2, "PREVIEW_REQUEST_TIMEOUT=2"))
	p := s.upload(t, example("fastapi-notes"))
	l := p.launch()
	p.until("running", func(st client.Status) bool { return st.Status == preview.Running })
	for _, test := range []struct {
		body   string
		status int
		want   func(asked) bool
	}{
		{`{"path":"/openapi.json"}`, 200, func(a asked) bool { doc, ok := a.Body.(map[string]any); return ok && doc["openapi"] != nil }},
		{`{"path":"/nothing"}`, 404, func(a asked) bool { return a.Headers["content-type"] == "application/json" }},
		{`{"path":"/","method":"HEAD"}`, 0, func(a asked) bool { return a.Body == "" }},
	} {
		a, err := p.ask(t.Context(), s.api, l.SessionToken, test.body)
		if err != nil || a.Status != 200 || test.status != 0 && a.StatusCode != test.status || !test.want(a) {
			t.Errorf("%s: %+v %v", test.body, a, err)
		}
	}
	extended, err := p.Extend(t.Context(), p.id, 30*time.Minute)
	if err != nil || extended.TokenExpiry.Before(l.TokenExpiry) || extended.ExpiresAt == nil {
		t.Errorf("%+v %v", extended, err)
	}
	p.stop()
	a, err := p.ask(t.Context(), s.api, l.SessionToken, `{"path":"/"}`)
	if err != nil || a.Status != 409 || a.ErrorCode != "PREVIEW_NOT_RUNNING" || a.Reason != string(preview.User) {
		t.Errorf("after the stop: %+v %v", a, err)
	}
}

// TestNobodyReachesTheNextTenantOfAPort has two users' previews take turns on the only port while one of them asks for
// their own app without a pause.
func TestNobodyReachesTheNextTenantOfAPort(t *testing.T) {
	s := start(t, settings(t, 1, "PREVIEW_RATE_REQUEST=0"))
	mine := s.uploadFiles(nameOf(t, "mine"), map[string]string{"index.html": "mine"})
	theirs := s.uploadFiles(nameOf(t, "theirs"), map[string]string{"index.html": "theirs"})
	for range 2 {
		l := mine.launch()
		mine.until("running", func(st client.Status) bool { return st.Status == preview.Running })
		ctx, cancel := context.WithCancel(t.Context())
		var answered atomic.Int32
		done := make(chan error)
		for range 4 {
			go func() { done <- mine.askOn(ctx, s.api, l.SessionToken, &answered) }()
		}
		if !eventually(patience, func() bool { return answered.Load() > 20 }) {
			t.Error("the app never answered")
		}
		mine.stop()
		theirs.launch()
		theirs.until("running", func(st client.Status) bool { return st.Status == preview.Running })
		cancel()
		for range 4 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		theirs.stop()
	}
}

// askOn asks until ctx ends and fails when anybody else's app answers.
func (p *project) askOn(ctx context.Context, api, token string, answered *atomic.Int32) error {
	for ctx.Err() == nil {
		a, err := p.ask(ctx, api, token, `{"path":"/"}`)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		case a.Status == 200 && a.Body != "mine":
			return fmt.Errorf("the app of another user answered %v", a.Body)
		case a.Status == 200:
			answered.Add(1)
		}
	}
	return nil
}
