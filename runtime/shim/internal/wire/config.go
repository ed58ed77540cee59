// Package wire is what previewd and the shim say to each other. It is apart from package shim because that one
// embeds the built shim: were it imported by the shim, every build would change the next.
package wire

// Where the shim's volume is mounted in every instance, and its binary in it.
const (
	Dir    = "/.previewd"
	Binary = Dir + "/shim"
)

// Gate is the shim's argument before a command that it is to become once a byte has arrived by its standard input.
const Gate = "gate"

// EnvConfig carries the Config as JSON. The shim removes it from the app's environment.
const EnvConfig = "PREVIEWD_SHIM"

// Config is what the shim is to run.
type Config struct {
	Nonce   string   `json:"nonce"`             // proves that a report is the shim's and not the app's
	Port    int      `json:"port"`              // published port: an HTTP client of the host arrives here
	Files   bool     `json:"files,omitempty"`   // the project's files come as a tar by stdin: lay them out first
	Dir     string   `json:"dir,omitempty"`     // where commands run, once the files are there; "" is where the shim does
	Prepare []string `json:"prepare,omitempty"` // /bin/sh commands, in order; one that fails ends the instance
	Command []string `json:"command,omitempty"` // the app's argv

	StaticDir string `json:"static_dir,omitempty"` // serve this folder instead of running a command

	AppPort    int    `json:"app_port,omitempty"` // preferred among several listening ports
	HealthPath string `json:"health_path,omitempty"`

	HealthIntervalSeconds int `json:"health_interval_seconds,omitempty"` // default 10
	HealthRetries         int `json:"health_retries,omitempty"`          // failures in a row before unhealthy, default 3
	ActivitySeconds       int `json:"activity_seconds,omitempty"`        // at most one activity report in this time, default 10
	LineRate              int `json:"line_rate,omitempty"`               // lines a second that the app may write, 0 is unbounded
	ByteRate              int `json:"byte_rate,omitempty"`               // the same in bytes
	GraceSeconds          int `json:"grace_seconds,omitempty"`           // after SIGTERM, before SIGKILL to all that is left, default 5
}
