package openapitest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Transport sends requests by Base and fails the test for each exchange that is not as the document says.
type Transport struct {
	T    testing.TB
	Base http.RoundTripper // nil is http.DefaultTransport
}

// Client returns a client whose every exchange is checked.
func Client(t testing.TB) *http.Client { return &http.Client{Transport: &Transport{T: t}} }

// RoundTrip implements http.RoundTripper. The answer's body has been read when it returns, but for a stream's.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	c, err := shared()
	if err != nil {
		return nil, err
	}
	sent, err := record(r)
	if err != nil {
		return nil, err
	}
	base := t.Base
	if base == nil {
		base = http.DefaultTransport
	}
	resp, err := base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	x := exchange{request: r, response: resp, sent: sent, streamed: strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream")}
	if x.streamed {
		resp.Body = &eventReader{ReadCloser: resp.Body, events: c.events, report: t.report(r)}
	} else if x.got, err = replay(resp); err != nil {
		return nil, err
	}
	if err := c.check(x); err != nil {
		t.report(r)(fmt.Errorf("%d: %w\n%.2000s", resp.StatusCode, err, x.got))
	}
	return resp, nil
}

// Check is Transport for what was exchanged without a connection.
func Check(t testing.TB, request *http.Request, sent []byte, response *http.Response, got []byte) {
	t.Helper()
	c, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.check(exchange{request: request, response: response, sent: sent, got: got}); err != nil {
		t.Errorf("%s %s: %d: %v\n%.2000s", request.Method, request.URL.RequestURI(), response.StatusCode, err, got)
	}
}

func (t *Transport) report(r *http.Request) func(error) {
	return func(err error) { t.T.Errorf("%s %s: %v", r.Method, r.URL.RequestURI(), err) }
}

// record reads the request's body and puts a copy in its place.
func record(r *http.Request) ([]byte, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	sent, err := io.ReadAll(r.Body)
	_ = r.Body.Close()
	r.Body = io.NopCloser(bytes.NewReader(sent))
	return sent, err
}

// replay reads the body and puts a copy in its place.
func replay(resp *http.Response) ([]byte, error) {
	got, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(got))
	return got, err
}
