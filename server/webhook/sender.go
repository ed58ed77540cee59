package webhook

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"code.dny.dev/ssrf"

	"previewd/runtime/preview"
)

const (
	attemptTimeout = 15 * time.Second
	maxRead        = 4 << 10 // bytes of an answer's body
	maxShown       = 256     // of them, what is kept of a refusal
)

// SenderOptions tell a Sender where and how to send. Endpoint and Signer are needed.
type SenderOptions struct {
	Endpoint  Endpoint
	Signer    *Signer
	Roots     *x509.CertPool // nil is the system's
	UserAgent string
	Timeout   time.Duration    // of one attempt, default 15 s
	Now       func() time.Time // default time.Now
}

// Sender sends events to one endpoint. It is safe for concurrent use.
type Sender struct {
	SenderOptions
	client *http.Client
}

// NewSender returns a Sender that has not connected yet.
func NewSender(o SenderOptions) *Sender {
	if o.Timeout == 0 {
		o.Timeout = attemptTimeout
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Sender{SenderOptions: o, client: &http.Client{
		Transport: newTransport(o.Endpoint.private, o.Roots), CheckRedirect: stay,
	}}
}

// Close lets go of connections that are kept for the next event.
func (s *Sender) Close() { s.client.CloseIdleConnections() }

// Answer is what came of one attempt.
type Answer struct {
	Status     int           // 0 without an answer
	RetryAfter time.Duration // that the receiver asks for, 0 when it does not
	Err        error         // nil when the receiver took the event
}

// Send makes one attempt.
func (s *Sender) Send(ctx context.Context, e preview.Event) Answer {
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	req, err := s.request(ctx, e)
	if err != nil {
		return Answer{Err: err}
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return Answer{Err: s.explain(err)}
	}
	defer resp.Body.Close()
	// Read to the end of a short body, the connection can be used again.
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxRead))
	answer := Answer{Status: resp.StatusCode, RetryAfter: retryAfter(resp.Header, s.Now())}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		answer.Err = refusal(resp.StatusCode, body)
	}
	return answer
}

func (s *Sender) request(ctx context.Context, e preview.Event) (*http.Request, error) {
	body, err := bodyOf(e)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Endpoint.url.String(), bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("the request cannot be made")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", s.UserAgent)
	// Not sent: it tells the transport that it may repeat the request when a kept connection turns out to be closed.
	req.Header["Idempotency-Key"] = nil
	return req, s.Signer.sign(req.Header, e.ID, s.Now(), body)
}

// explain words a failure without the URL, which the client's errors quote.
func (s *Sender) explain(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("no answer within %s", s.Timeout)
	case errors.Is(err, ssrf.ErrProhibitedIP):
		return errors.New("the receiver's address is not public: PREVIEW_WEBHOOK_ALLOW_PRIVATE=1 would allow it")
	}
	return err
}

// refusal quotes the beginning of what the receiver said.
func refusal(status int, body []byte) error {
	text := fmt.Sprintf("HTTP %d", status)
	if status >= 300 && status <= 399 {
		return errors.New(text + ": redirects are not followed")
	}
	printable := func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}
	said := strings.Join(strings.Fields(strings.Map(printable, string(body))), " ")
	if said == "" {
		return errors.New(text)
	}
	return errors.New(text + ": " + strings.ToValidUTF8(said[:min(len(said), maxShown)], ""))
}
