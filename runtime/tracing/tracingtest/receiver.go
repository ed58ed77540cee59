// Package tracingtest is a collector that keeps what it is sent.
package tracingtest

import (
	"cmp"
	"compress/gzip"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"previewd/runtime/tracing"
)

// Span is one as it came.
type Span struct {
	Trace, ID, Parent string // hexadecimal; Parent is "" at the top
	Name, State       string
	Kind              string // internal, server or client
	Failed            bool
	Attributes        map[string]string
	Resource          map[string]string
	start             uint64
}

// Receiver is a collector of OTLP over HTTP.
type Receiver struct {
	t      testing.TB
	server *httptest.Server

	mu      sync.Mutex
	spans   []Span
	headers []http.Header // of every post
	answers []int         // to the next posts, 200 to those after them
	rejects byte          // how many spans of every post it says not to want
}

// New starts a collector for the time of the test.
func New(t testing.TB) *Receiver {
	t.Helper()
	r := &Receiver{t: t}
	r.server = httptest.NewServer(r)
	t.Cleanup(r.server.Close)
	return r
}

// Endpoint is where it takes spans, as OTEL_EXPORTER_OTLP_ENDPOINT names it.
func (r *Receiver) Endpoint() string { return r.server.URL }

// Settings send everything to it.
func (r *Receiver) Settings() tracing.Settings {
	return tracing.Settings{
		Endpoint: r.server.URL + "/v1/traces", Timeout: 5 * time.Second, Service: "previewd", Sampler: tracing.DefaultSampler, Ratio: 1,
	}
}

// Answer makes the next posts come to nothing, by these statuses.
func (r *Receiver) Answer(statuses ...int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answers = statuses
}

// Reject makes it say of every post that it wants all spans but so many.
func (r *Receiver) Reject(spans byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rejects = spans
}

// ServeHTTP takes a post.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.headers = append(r.headers, req.Header.Clone())
	if len(r.answers) > 0 {
		status := r.answers[0]
		r.answers = r.answers[1:]
		w.WriteHeader(status)
		return
	}
	if req.Method != http.MethodPost || req.URL.Path != "/v1/traces" || req.Header.Get("Content-Type") != "application/x-protobuf" {
		r.t.Errorf("the collector was sent %s %s, %v", req.Method, req.URL, req.Header)
	}
	body := io.Reader(req.Body)
	if req.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(body)
		if err != nil {
			r.t.Error(err)
			return
		}
		body = unpacked
	}
	text, err := io.ReadAll(body)
	var data tracepb.TracesData
	if err == nil {
		err = proto.Unmarshal(text, &data)
	}
	if err != nil {
		r.t.Errorf("the collector cannot read what it was sent: %v", err)
	}
	r.take(&data)
	if r.rejects > 0 {
		// ExportTraceServiceResponse with partial_success {rejected_spans, error_message}.
		_, _ = w.Write([]byte{0x0a, 7, 0x08, r.rejects, 0x12, 3, 'b', 'a', 'd'})
	}
}

func (r *Receiver) take(data *tracepb.TracesData) {
	for _, resource := range data.GetResourceSpans() {
		for _, scope := range resource.GetScopeSpans() {
			for _, s := range scope.GetSpans() {
				r.spans = append(r.spans, Span{
					Trace: hex.EncodeToString(s.GetTraceId()), ID: hex.EncodeToString(s.GetSpanId()), Parent: hex.EncodeToString(s.GetParentSpanId()),
					Name: s.GetName(), State: s.GetTraceState(), Kind: strings.ToLower(strings.TrimPrefix(s.GetKind().String(), "SPAN_KIND_")),
					Failed:     s.GetStatus().GetCode() == tracepb.Status_STATUS_CODE_ERROR,
					Attributes: words(s.GetAttributes()), Resource: words(resource.GetResource().GetAttributes()), start: s.GetStartTimeUnixNano(),
				})
			}
		}
	}
}

func words(attributes []*commonpb.KeyValue) map[string]string {
	all := map[string]string{}
	for _, a := range attributes {
		switch v := a.GetValue().GetValue().(type) {
		case *commonpb.AnyValue_StringValue:
			all[a.GetKey()] = v.StringValue
		case *commonpb.AnyValue_BoolValue:
			all[a.GetKey()] = strconv.FormatBool(v.BoolValue)
		case *commonpb.AnyValue_IntValue:
			all[a.GetKey()] = strconv.FormatInt(v.IntValue, 10)
		}
	}
	return all
}

// Spans are those that came, in the order in which they began.
func (r *Receiver) Spans() []Span {
	r.mu.Lock()
	defer r.mu.Unlock()
	slices.SortStableFunc(r.spans, func(a, b Span) int { return cmp.Compare(a.start, b.start) })
	return slices.Clone(r.spans)
}

// Named are the spans of a name.
func (r *Receiver) Named(name string) []Span {
	return slices.DeleteFunc(r.Spans(), func(s Span) bool { return s.Name != name })
}

// Headers are those of every post.
func (r *Receiver) Headers() []http.Header {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.headers)
}

// Tree shows a span and those below it, a line each: its name, whether it failed, and the attributes that are asked for.
func (r *Receiver) Tree(top Span, shown ...tracing.Key) string {
	var b strings.Builder
	r.draw(&b, top, "", shown)
	return b.String()
}

func (r *Receiver) draw(b *strings.Builder, s Span, indent string, shown []tracing.Key) {
	b.WriteString(indent + s.Name)
	if s.Failed {
		b.WriteString(" FAILED")
	}
	for _, key := range shown {
		if value, ok := s.Attributes[string(key)]; ok {
			name := string(key)
			b.WriteString(" " + name[strings.LastIndex(name, ".")+1:] + "=" + value)
		}
	}
	b.WriteString("\n")
	for _, child := range r.Spans() {
		if child.Parent == s.ID && child.Trace == s.Trace {
			r.draw(b, child, indent+"  ", shown)
		}
	}
}
