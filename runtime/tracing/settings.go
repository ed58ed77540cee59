package tracing

import "time"

// Settings say which traces are made and where they go. The zero value makes none.
type Settings struct {
	Endpoint string            // URL that spans are posted to, OTLP over HTTP in protobuf; "" is off
	Headers  map[string]string // of every post; they may hold secrets
	Timeout  time.Duration     // of one batch, its retries included
	Gzip     bool

	Certificate       string // PEM file of the authorities that the collector's certificate is checked by, "" is the system's
	ClientCertificate string // PEM files that prove who sends, "" is nobody
	ClientKey         string

	Service    string            // service.name
	Attributes map[string]string // further ones of the resource

	Sampler Sampler
	Ratio   float64 // of the samplers that take one, 0 to 1
}

// Sampler decides which traces are kept, by the names of OTEL_TRACES_SAMPLER.
type Sampler string

// The samplers there are. Those that go by the parent keep what the caller keeps, and treat a trace that begins here by their name's end.
const (
	AlwaysOn       Sampler = "always_on"
	AlwaysOff      Sampler = "always_off"
	Ratio          Sampler = "traceidratio"
	ParentOn       Sampler = "parentbased_always_on"
	ParentOff      Sampler = "parentbased_always_off"
	ParentRatio    Sampler = "parentbased_traceidratio"
	DefaultSampler         = ParentOn
)

// Samplers lists them.
func Samplers() []Sampler {
	return []Sampler{AlwaysOn, AlwaysOff, Ratio, ParentOn, ParentOff, ParentRatio}
}
