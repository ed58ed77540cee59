// Package shim describes process 1 of every preview: what previewd tells it (Config), what it tells previewd
// (Report), and the files that make it up (Files). The program itself is in cmd/shim and imports nothing outside
// the standard library and golang.org/x/sys.
package shim

import "previewd/runtime/shim/internal/wire"

// Where the shim's volume is mounted in every instance, and its binary in it.
const (
	Dir    = wire.Dir
	Binary = wire.Binary
)

// Gate is the first argument that makes the shim wait for one byte by its standard input and then become the command that
// follows, which may have no new privileges.
const Gate = wire.Gate

// EnvConfig carries the Config as JSON. The shim removes it from the app's environment.
const EnvConfig = wire.EnvConfig

// Config is what the shim is to run.
type Config = wire.Config

// ReportKind names a report.
type ReportKind = wire.ReportKind

// Reports, in the order a healthy preview sends them.
const (
	ReportPrepare       = wire.ReportPrepare       // a Prepare command starts: Command
	ReportPrepareFailed = wire.ReportPrepareFailed // it exited: Command, ExitCode
	ReportStarted       = wire.ReportStarted       // the app's process runs: PID
	ReportListening     = wire.ReportListening     // the app listens: Addresses, Address chosen, Forwarded
	ReportHealth        = wire.ReportHealth        // changed: Healthy
	ReportActivity      = wire.ReportActivity      // somebody connected since the last report, or a connection is open
	ReportOutput        = wire.ReportOutput        // counts of the stream it stands in: Written, Dropped, Fresh
	ReportExited        = wire.ReportExited        // the app ended: ExitCode, Signal, Told
)

// Report is one thing the shim says, as a line on its stderr, counts also on stdout: Marker, an HMAC of the JSON by the nonce, a space,
// JSON, newline. It may stand after output of the app that did not end in a newline.
type Report = wire.Report

// Marker begins a report: ASCII record separator and the shim's name.
const Marker = wire.Marker

// ParseReport splits a line into what the app wrote before and the shim's report. ok is false, and
// before the whole line, when the line holds no report made with this nonce.
func ParseReport(nonce string, line []byte) (before []byte, r Report, ok bool) {
	return wire.ParseReport(nonce, line)
}

// AppendReport appends the line of a report, as the shim writes it.
func AppendReport(dst []byte, nonce string, r Report) []byte {
	return wire.AppendReport(dst, nonce, r)
}
