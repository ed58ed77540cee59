package tracing

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

const (
	firstRetry = 500 * time.Millisecond
	maxAnswer  = 64 << 10 // bytes of an answer that are read so that its connection can be used again
)

// uploader posts spans to a collector (OTLP/HTTP 1.x, binary protobuf). The library's own client brings gRPC along, for the types of
// its messages alone, and would make this program a tenth larger.
type uploader struct {
	settings Settings
	client   *http.Client
	gone     context.Context // ends when nothing is to be sent any more
	abort    context.CancelFunc
}

func newUploader(s Settings) (*uploader, error) {
	transport, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return nil, errors.New("tracing: the default transport is another's")
	}
	transport = transport.Clone()
	var err error
	if transport.TLSClientConfig, err = tlsConfig(s); err != nil {
		return nil, err
	}
	u := &uploader{settings: s, client: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the headers are for one host alone
	}}
	u.gone, u.abort = context.WithCancel(context.Background())
	return u, nil
}

func tlsConfig(s Settings) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.Certificate != "" {
		text, err := os.ReadFile(s.Certificate)
		if err != nil {
			return nil, fmt.Errorf("read the collector's certificate: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("read the collector's certificate: no certificate in %s", s.Certificate)
		}
	}
	if s.ClientCertificate != "" {
		own, err := tls.LoadX509KeyPair(s.ClientCertificate, s.ClientKey)
		if err != nil {
			return nil, fmt.Errorf("read the certificate for the collector: %w", err)
		}
		config.Certificates = []tls.Certificate{own}
	}
	return config, nil
}

// host is what may be told of the endpoint: its path and query may hold a key.
func (u *uploader) host() string {
	at, err := url.Parse(u.settings.Endpoint)
	if err != nil {
		return ""
	}
	return at.Host
}

// Start is an otlptrace.Client's.
func (u *uploader) Start(context.Context) error { return nil }

// Stop is an otlptrace.Client's.
func (u *uploader) Stop(context.Context) error {
	u.abort()
	u.client.CloseIdleConnections()
	return nil
}

// UploadTraces is an otlptrace.Client's. It tries again what may succeed, within the timeout.
func (u *uploader) UploadTraces(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	ctx, cancel := context.WithTimeout(ctx, u.settings.Timeout)
	defer cancel()
	defer context.AfterFunc(u.gone, cancel)() //nolint:contextcheck // it ends what ctx, the library's own, does not
	// On the wire it is the same as the request's own message, whose package is the one that needs gRPC.
	body, err := proto.Marshal(&tracepb.TracesData{ResourceSpans: spans})
	if err != nil {
		return err
	}
	if u.settings.Gzip {
		body = zip(body)
	}
	for pause := firstRetry; ; pause *= 2 {
		failed := u.post(ctx, body)
		if failed == nil || !failed.again {
			return failed.orNil()
		}
		timer := time.NewTimer(max(pause, failed.after))
		select {
		case <-ctx.Done():
			timer.Stop()
			return failed
		case <-timer.C:
		}
	}
}

// refusal is a post that came to nothing.
type refusal struct {
	error
	again bool          // it may succeed later
	after time.Duration // not sooner
}

func (r *refusal) orNil() error {
	if r == nil {
		return nil
	}
	return r
}

func (u *uploader) post(ctx context.Context, body []byte) *refusal {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.settings.Endpoint, bytes.NewReader(body))
	if err != nil {
		return &refusal{error: errors.New("the endpoint is no URL")}
	}
	r.Header.Set("User-Agent", "previewd OTel-OTLP-Exporter-Go")
	for name, value := range u.settings.Headers {
		r.Header.Set(name, value)
	}
	r.Header.Set("Content-Type", "application/x-protobuf")
	if u.settings.Gzip {
		r.Header.Set("Content-Encoding", "gzip")
	}
	answer, err := u.client.Do(r)
	if err != nil {
		if told, ok := errors.AsType[*url.Error](err); ok {
			err = told.Err // without the URL
		}
		return &refusal{error: err, again: true}
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, maxAnswer)) // a body that breaks off says nothing
	if answer.StatusCode/100 != 2 {
		return refused(answer)
	}
	if n := rejected(said); n > 0 {
		return &refusal{error: fmt.Errorf("the collector rejected %d spans", n)}
	}
	return nil
}

// rejected is how many spans a collector did not want while it took the others: partial_success.rejected_spans of its answer,
// whose message is in the package that needs gRPC.
func rejected(answer []byte) uint64 {
	partial, _ := field(answer, 1)
	_, spans := field(partial, 1)
	return spans
}

// field is the value of a field of a message, as bytes or as a number; none in what is no message.
func field(message []byte, number protowire.Number) (text []byte, value uint64) {
	for len(message) > 0 {
		n, kind, size := protowire.ConsumeTag(message)
		if size < 0 {
			return nil, 0
		}
		message = message[size:]
		if size = protowire.ConsumeFieldValue(n, kind, message); size < 0 {
			return nil, 0
		}
		if n == number && kind == protowire.BytesType {
			text, _ = protowire.ConsumeBytes(message)
		}
		if n == number && kind == protowire.VarintType {
			value, _ = protowire.ConsumeVarint(message)
		}
		message = message[size:]
	}
	return text, value
}

func refused(answer *http.Response) *refusal {
	r := &refusal{error: fmt.Errorf("the collector answered %d", answer.StatusCode)}
	switch answer.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		r.again = true
	}
	if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds > 0 {
		r.after = time.Duration(min(seconds, 3600)) * time.Second
	}
	return r
}

func zip(text []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out) // into memory: it cannot fail
	_, _ = w.Write(text)
	_ = w.Close()
	return out.Bytes()
}
