// Package tracing makes traces of what previewd does, in OpenTelemetry's terms, and is the only one that knows its library.
// It is off unless there is somewhere to send them: then there is no Tracer, whose methods do nothing on nil, and it costs nothing.
package tracing
