package config

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"previewd/runtime/tracing"
)

// The standard's variables (OpenTelemetry specification, "SDK environment variables" and "OTLP exporter configuration"). Those
// of span limits and batches (OTEL_SPAN_…, OTEL_BSP_…) are read by the library itself.
const (
	otelEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT"
	otelTraces   = "OTEL_EXPORTER_OTLP_TRACES_"
	otelBoth     = "OTEL_EXPORTER_OTLP_"

	otelTimeout = 10 * time.Second // for want of another
)

// otelReader collects what is wrong on the way.
type otelReader struct {
	vars     map[string]string
	problems Problems
}

// loadTraces reads where traces go. Without an endpoint nothing is looked at: the variables may be there for another program.
func loadTraces(vars map[string]string) (tracing.Settings, Problems) {
	r := &otelReader{vars: vars}
	endpoint := r.endpoint()
	if endpoint == "" || strings.EqualFold(vars["OTEL_SDK_DISABLED"], "true") || vars["OTEL_TRACES_EXPORTER"] == "none" {
		return tracing.Settings{}, nil
	}
	s := tracing.Settings{
		Endpoint: endpoint, Headers: r.pairs(r.exporter("HEADERS")), Timeout: r.timeout(), Gzip: r.gzip(),
		Certificate: r.file("CERTIFICATE"), ClientCertificate: r.file("CLIENT_CERTIFICATE"), ClientKey: r.value("CLIENT_KEY"),
		Attributes: r.pairs("OTEL_RESOURCE_ATTRIBUTES"),
	}
	s.Service = cmp.Or(vars["OTEL_SERVICE_NAME"], s.Attributes["service.name"], "previewd")
	s.Sampler, s.Ratio = r.sampler()
	r.onlyWord(r.exporter("PROTOCOL"), "http/protobuf", "http/protobuf, which is all that previewd speaks")
	r.onlyWord("OTEL_TRACES_EXPORTER", "otlp", "otlp or none")
	if len(r.problems) > 0 {
		return tracing.Settings{}, r.problems
	}
	return s, nil
}

// exporter is the variable of the exporter that is set: the one for traces alone goes before the one for everything.
func (r *otelReader) exporter(name string) string {
	if r.vars[otelTraces+name] != "" {
		return otelTraces + name
	}
	return otelBoth + name
}

func (r *otelReader) value(name string) string { return r.vars[r.exporter(name)] }

func (r *otelReader) wrong(variable, shown, want string) {
	r.problems = append(r.problems, Problem{Variable: variable, Value: shown, Want: want})
}

// endpoint is for traces alone as it is, and for everything a base.
func (r *otelReader) endpoint() string {
	variable := r.exporter("ENDPOINT")
	given := r.vars[variable]
	if given == "" {
		return ""
	}
	at, err := url.Parse(given)
	if err != nil || at.Scheme != "http" && at.Scheme != "https" || at.Host == "" {
		r.wrong(variable, hidden, "an http:// or https:// URL") // it may hold a password
		return given
	}
	if variable == otelEndpoint {
		at = at.JoinPath("v1/traces")
	}
	return at.String()
}

// pairs is a list such as a=b,c=d whose values are percent-encoded. Its values may be secrets.
func (r *otelReader) pairs(variable string) map[string]string {
	all := map[string]string{}
	for part := range strings.SplitSeq(r.vars[variable], ",") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		name, value, ok := strings.Cut(part, "=")
		value, err := url.PathUnescape(strings.TrimSpace(value))
		if name = strings.TrimSpace(name); !ok || name == "" || err != nil || strings.ContainsAny(name+value, "\r\n\x00") {
			r.wrong(variable, hidden, "name=value, several separated by commas, values percent-encoded")
			return nil
		}
		all[name] = value
	}
	return all
}

func (r *otelReader) timeout() time.Duration {
	given := r.value("TIMEOUT")
	if given == "" {
		return otelTimeout
	}
	ms, err := strconv.Atoi(given)
	if err != nil || ms < 1 || ms > int(time.Hour/time.Millisecond) {
		r.wrong(r.exporter("TIMEOUT"), given, "milliseconds, from 1 to 3600000")
	}
	return time.Duration(ms) * time.Millisecond
}

func (r *otelReader) gzip() bool {
	given := r.value("COMPRESSION")
	if !slices.Contains([]string{"", "none", "gzip"}, given) {
		r.wrong(r.exporter("COMPRESSION"), given, "gzip or none")
	}
	return given == "gzip"
}

func (r *otelReader) file(name string) string {
	given := r.value(name)
	if given != "" && !isPEM(given) {
		r.wrong(r.exporter(name), given, "a readable PEM file")
	}
	return given
}

func (r *otelReader) sampler() (tracing.Sampler, float64) {
	given := tracing.Sampler(cmp.Or(r.vars["OTEL_TRACES_SAMPLER"], string(tracing.DefaultSampler)))
	if all := tracing.Samplers(); !slices.Contains(all, given) {
		r.wrong("OTEL_TRACES_SAMPLER", string(given), fmt.Sprintf("one of %v", all))
	}
	argument := cmp.Or(r.vars["OTEL_TRACES_SAMPLER_ARG"], "1")
	if given != tracing.Ratio && given != tracing.ParentRatio {
		return given, 1
	}
	ratio, err := strconv.ParseFloat(argument, 64)
	if err != nil || !(ratio >= 0 && ratio <= 1) { // which NaN is not
		r.wrong("OTEL_TRACES_SAMPLER_ARG", argument, "a number from 0 to 1")
	}
	return given, ratio
}

func (r *otelReader) onlyWord(variable, word, want string) {
	if given := r.vars[variable]; given != "" && given != word {
		r.wrong(variable, given, want)
	}
}
