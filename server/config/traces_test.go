package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"previewd/runtime/tracing"
)

func TestTracesAreOffUnlessTheyHaveSomewhereToGo(t *testing.T) {
	for _, environ := range [][]string{
		nil,
		{"OTEL_SERVICE_NAME=x", "OTEL_TRACES_SAMPLER=nonsense"},
		{"OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318", "OTEL_SDK_DISABLED=TRUE"},
		{"OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318", "OTEL_TRACES_EXPORTER=none", "OTEL_EXPORTER_OTLP_TIMEOUT=x"},
	} {
		cfg, _, err := Load(append(environ, "PREVIEW_JWT_SECRET="+goodSecret))
		if err != nil || cfg.Traces.Endpoint != "" {
			t.Error(environ, cfg.Traces, err)
		}
	}
}

func TestTracesByTheStandardsVariables(t *testing.T) {
	all := []string{
		"OTEL_EXPORTER_OTLP_ENDPOINT=https://c.example/base/", "OTEL_EXPORTER_OTLP_HEADERS=Authorization=Basic%20aGk=, x-key = 1 ,", "OTEL_EXPORTER_OTLP_TIMEOUT=500",
		"OTEL_EXPORTER_OTLP_COMPRESSION=gzip", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "OTEL_TRACES_EXPORTER=otlp",
		"OTEL_RESOURCE_ATTRIBUTES=service.name=named,deployment.environment=test", "OTEL_TRACES_SAMPLER=parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG=0.25",
	}
	want := tracing.Settings{
		Endpoint: "https://c.example/base/v1/traces", Headers: map[string]string{"Authorization": "Basic aGk=", "x-key": "1"}, Timeout: 500 * time.Millisecond, Gzip: true,
		Service: "named", Attributes: map[string]string{"service.name": "named", "deployment.environment": "test"}, Sampler: tracing.ParentRatio, Ratio: 0.25,
	}
	cfg, warnings, err := Load(append(all, "PREVIEW_JWT_SECRET="+goodSecret))
	if err != nil || len(warnings) > 0 || !reflect.DeepEqual(cfg.Traces, want) {
		t.Errorf("got  %+v, %v %v\nwant %+v", cfg.Traces, warnings, err, want)
	}
	cfg, _, err = Load([]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT=nonsense", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c:4318/own?k=v", "OTEL_SERVICE_NAME=mine", "PREVIEW_JWT_SECRET=" + goodSecret,
	})
	want = tracing.Settings{
		Endpoint: "http://c:4318/own?k=v", Timeout: 10 * time.Second, Service: "mine", Sampler: tracing.ParentOn, Ratio: 1,
		Headers: map[string]string{}, Attributes: map[string]string{},
	}
	if err != nil || !reflect.DeepEqual(cfg.Traces, want) {
		t.Errorf("got  %+v, %v\nwant %+v", cfg.Traces, err, want)
	}
}

func TestTracesProblems(t *testing.T) {
	noPEM := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(noPEM, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	const pairs = "[hidden]: want name=value, several separated by commas, values percent-encoded"
	tests := []struct{ set, want string }{
		{"OTEL_EXPORTER_OTLP_ENDPOINT=c:4318/hunter2", "OTEL_EXPORTER_OTLP_ENDPOINT=[hidden]: want an http:// or https:// URL"},
		{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http:///hunter2", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=[hidden]: want an http:// or https:// URL"},
		{"OTEL_EXPORTER_OTLP_HEADERS=hunter2", "OTEL_EXPORTER_OTLP_HEADERS=" + pairs},
		{"OTEL_EXPORTER_OTLP_TRACES_HEADERS=a=hunter2%0d%0aB:c", "OTEL_EXPORTER_OTLP_TRACES_HEADERS=" + pairs},
		{"OTEL_EXPORTER_OTLP_HEADERS=a=hunter2%zz", "OTEL_EXPORTER_OTLP_HEADERS=" + pairs},
		{"OTEL_RESOURCE_ATTRIBUTES==x", "OTEL_RESOURCE_ATTRIBUTES=" + pairs},
		{"OTEL_EXPORTER_OTLP_TIMEOUT=10s", "OTEL_EXPORTER_OTLP_TIMEOUT=10s: want milliseconds, from 1 to 3600000"},
		{"OTEL_EXPORTER_OTLP_COMPRESSION=zstd", "OTEL_EXPORTER_OTLP_COMPRESSION=zstd: want gzip or none"},
		{"OTEL_EXPORTER_OTLP_CERTIFICATE=" + noPEM, "OTEL_EXPORTER_OTLP_CERTIFICATE=" + noPEM + ": want a readable PEM file"},
		{"OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc: want http/protobuf, which is all that previewd speaks"},
		{"OTEL_TRACES_EXPORTER=zipkin", "OTEL_TRACES_EXPORTER=zipkin: want otlp or none"},
		{"OTEL_TRACES_SAMPLER=jaeger_remote", "OTEL_TRACES_SAMPLER=jaeger_remote: want one of [always_on always_off traceidratio parentbased_always_on parentbased_always_off parentbased_traceidratio]"},
		{"OTEL_TRACES_SAMPLER_ARG=NaN", "OTEL_TRACES_SAMPLER_ARG=NaN: want a number from 0 to 1"},
	}
	for _, tt := range tests {
		t.Run(tt.set, func(t *testing.T) {
			_, _, err := Load([]string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://c", "OTEL_TRACES_SAMPLER=traceidratio", tt.set, "PREVIEW_JWT_SECRET=" + goodSecret})
			if err == nil || err.Error() != "configuration:\n  "+tt.want || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}
