package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxAnswer bounds what is read of an answer that is not a stream, bytes.
const maxAnswer = 64 << 20

// ErrUnreachable says that no answer of previewd arrived at all.
var ErrUnreachable = errors.New("previewd cannot be reached")

// TokenSource returns the bearer token of a request. It is asked every time, because a token ends sooner than a
// log that is followed. "" sends none.
type TokenSource func() (string, error)

// StaticToken always returns the same token.
func StaticToken(token string) TokenSource {
	return func() (string, error) { return token, nil }
}

// Client is safe for use by several goroutines.
type Client struct {
	root  *url.URL
	token TokenSource
	http  *http.Client
}

// New returns a client of the previewd at base, such as http://127.0.0.1:8080. A nil token source sends no token.
func New(base string, token TokenSource) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("%q is not the http:// or https:// address of a server", base)
	}
	if token == nil {
		token = StaticToken("")
	}
	return &Client{root: u.JoinPath("/"), token: token, http: &http.Client{CheckRedirect: stay}}, nil
}

// Through returns a client that sends its requests by a transport.
func (c *Client) Through(t http.RoundTripper) *Client {
	other := *c
	other.http = &http.Client{CheckRedirect: stay, Transport: t}
	return &other
}

// stay refuses redirects: the API has none, and following one would hand the token to whoever sent it.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// call is one request and where its JSON answer goes.
type call struct {
	method string
	path   []string // unescaped segments below /api/v1
	query  url.Values
	header http.Header
	body   io.Reader
	out    any // nil throws the answer's body away
}

func (c *Client) do(ctx context.Context, r call) error {
	resp, err := c.send(ctx, r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if r.out == nil {
		_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxAnswer)) // so that the connection can be used again
		return nil
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(r.out); err != nil {
		return fmt.Errorf("reading the answer to %s %s: %w", r.method, resp.Request.URL.Path, err)
	}
	return nil
}

// send returns the answer of a request that succeeded; the caller closes its body. Other answers become a *Problem.
func (c *Client) send(ctx context.Context, r call) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, c.address(r), r.body)
	if err != nil {
		return nil, fmt.Errorf("making a request: %w", err)
	}
	maps.Copy(req.Header, r.header)
	token, err := c.token()
	if err != nil {
		return nil, fmt.Errorf("finding a token: %w", err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, unreachable(ctx, err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil, problemOf(resp)
	}
	return resp, nil
}

// address escapes every segment, so that no id leads to another path.
func (c *Client) address(r call) string {
	escaped := make([]string, len(r.path))
	for i, segment := range r.path {
		escaped[i] = url.PathEscape(segment)
	}
	u := *c.root
	u.RawQuery = r.query.Encode()
	u.RawPath = u.EscapedPath() + "api/v1/" + strings.Join(escaped, "/")
	u.Path, _ = url.PathUnescape(u.RawPath) // what was just escaped can be unescaped
	return u.String()
}

// unreachable keeps an end of the caller's own context apart from a server that does not answer.
func unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("waiting for previewd: %w", ctx.Err())
	}
	return fmt.Errorf("%w: %w", ErrUnreachable, err)
}

func jsonBody(v any) (io.Reader, http.Header, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, nil, fmt.Errorf("writing JSON: %w", err)
	}
	return bytes.NewReader(b), http.Header{"Content-Type": {"application/json"}}, nil
}

// Ready waits until the API answers its readiness probe, or ctx ends: then the error tells of the last try, too. interval is the
// time between two tries.
func (c *Client) Ready(ctx context.Context, interval time.Duration) error {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	last := ErrUnreachable
	for {
		err := c.probe(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() == nil { // a try that was cut short says nothing about the server
			last = err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for previewd to be ready: %w", errors.Join(ctx.Err(), last))
		case <-tick.C:
		}
	}
}

func (c *Client) probe(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.root.JoinPath("readyz").String(), http.NoBody)
	if err != nil {
		return fmt.Errorf("making a request: %w", err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return unreachable(ctx, err)
	}
	if resp.StatusCode != http.StatusOK {
		return problemOf(resp)
	}
	return resp.Body.Close()
}
