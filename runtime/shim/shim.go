// Package shim describes process 1 of every preview: what previewd tells it (Config) and what it tells
// previewd (Report). The program itself is in cmd/shim and imports nothing outside the standard library and
// golang.org/x/sys.
package shim

import (
	"bytes"
	"encoding/json"
)

// Where the shim's volume is mounted in every instance, and its binary in it.
const (
	Dir    = "/.previewd"
	Binary = Dir + "/shim"
)

// EnvConfig carries the Config as JSON. The shim removes it from the app's environment.
const EnvConfig = "PREVIEWD_SHIM"

// Config is what the shim is to run.
type Config struct {
	Nonce   string   `json:"nonce"`             // proves that a report is the shim's and not the app's
	Port    int      `json:"port"`              // published port: an HTTP client of the host arrives here
	Prepare []string `json:"prepare,omitempty"` // /bin/sh commands, in order; one that fails ends the instance
	Command []string `json:"command,omitempty"` // the app's argv

	StaticDir string `json:"static_dir,omitempty"` // serve this folder instead of running a command

	AppPort    int    `json:"app_port,omitempty"` // preferred among several listening ports
	HealthPath string `json:"health_path,omitempty"`

	HealthIntervalSeconds int `json:"health_interval_seconds,omitempty"` // default 10
	HealthRetries         int `json:"health_retries,omitempty"`          // failures in a row before unhealthy, default 3
	ActivitySeconds       int `json:"activity_seconds,omitempty"`        // at most one activity report in this time, default 10
	GraceSeconds          int `json:"grace_seconds,omitempty"`           // after SIGTERM, before SIGKILL to all that is left, default 5
}

// ReportKind names a report.
type ReportKind string

// Reports, in the order a healthy preview sends them.
const (
	ReportPrepare       ReportKind = "prepare"        // a Prepare command starts: Command
	ReportPrepareFailed ReportKind = "prepare_failed" // it exited: Command, ExitCode
	ReportStarted       ReportKind = "started"        // the app's process runs: PID
	ReportListening     ReportKind = "listening"      // the app listens: Addresses, Address chosen, Forwarded
	ReportHealth        ReportKind = "health"         // changed: Healthy
	ReportActivity      ReportKind = "activity"       // somebody connected since the last report, or a connection is open
	ReportExited        ReportKind = "exited"         // the app ended: ExitCode, Signal
)

// Report is one thing the shim says, as a line on its stderr: Marker, nonce, a space, JSON, newline. It may stand
// after output of the app that did not end in a newline.
type Report struct {
	Kind      ReportKind `json:"kind"`
	Command   string     `json:"command,omitempty"`
	PID       int        `json:"pid,omitempty"`
	Address   string     `json:"address,omitempty"`   // host:port the published port leads to
	Addresses []string   `json:"addresses,omitempty"` // all that the app listens on
	Forwarded bool       `json:"forwarded,omitempty"` // the shim stands between
	Healthy   bool       `json:"healthy,omitempty"`
	Open      int        `json:"open,omitempty"` // open connections from outside
	ExitCode  int        `json:"exit_code,omitempty"`
	Signal    string     `json:"signal,omitempty"`
	Millis    int64      `json:"ms,omitempty"` // since the shim's own start
}

// Marker begins a report: ASCII record separator and the shim's name.
const Marker = "\x1epreviewd:"

// ParseReport splits a line of stderr into what the app wrote before and the shim's report. ok is false, and
// before the whole line, when the line holds no report with this nonce.
func ParseReport(nonce string, line []byte) (before []byte, r Report, ok bool) {
	head := []byte(Marker + nonce + " ")
	at := bytes.Index(line, head)
	if nonce == "" || at < 0 || json.Unmarshal(line[at+len(head):], &r) != nil {
		return line, Report{}, false
	}
	return line[:at], r, true
}
