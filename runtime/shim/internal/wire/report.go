package wire

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

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
	ReportOutput        ReportKind = "output"         // counts of the stream it stands in: Written, Dropped
	ReportExited        ReportKind = "exited"         // the app ended: ExitCode, Signal, Told
)

// Report is one thing the shim says, as a line on its stderr, counts also on stdout: Marker, an HMAC of the JSON by the nonce, a space,
// JSON, newline. It may stand after output of the app that did not end in a newline.
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
	Written   int64      `json:"written,omitempty"` // lines of the app that stand before, all in all; an unfinished one that a report broke in two is two
	Dropped   int64      `json:"dropped,omitempty"` // lines that were dropped, all in all
	Fresh     int64      `json:"fresh,omitempty"`   // of these, since the last such report
	Told      string     `json:"told,omitempty"`    // the signal that asked the shim to stop, if one did
	Millis    int64      `json:"ms,omitempty"`      // since the shim's own start
}

// Marker begins a report: ASCII record separator and the shim's name.
const Marker = "\x1epreviewd:"

// macSize is how much of the HMAC stands in a line, in hexadecimal digits.
const macSize = 32

// ParseReport splits a line of stderr into what the app wrote before and the shim's report. ok is false, and
// before the whole line, when the line holds no report made with this nonce.
func ParseReport(nonce string, line []byte) (before []byte, r Report, ok bool) {
	at := bytes.LastIndex(line, []byte(Marker)) // nothing follows a report on its line, and JSON holds no separator
	if nonce == "" || at < 0 || len(line)-at > maxLine {
		return line, Report{}, false
	}
	mac, body, found := bytes.Cut(line[at+len(Marker):], []byte{' '})
	body = bytes.TrimRight(body, "\r\n")
	if !found || !hmac.Equal(mac, sign(nonce, body)) || json.Unmarshal(body, &r) != nil {
		return line, Report{}, false
	}
	return line[:at], r, true
}

// sign keeps the nonce itself out of the line: an app can open its own stderr for reading, and could otherwise
// make reports of its own. It can still repeat one that it has read.
func sign(nonce string, body []byte) []byte {
	h := hmac.New(sha256.New, []byte(nonce))
	h.Write(body)
	return hex.AppendEncode(nil, h.Sum(nil))[:macSize]
}

// A report is written at once and so must not be longer than what a pipe takes at once (PIPE_BUF); long values are cut.
const (
	maxLine      = 4096
	maxCommand   = 256
	maxAddresses = 24
)

// AppendReport appends the line of a report to dst.
func AppendReport(dst []byte, nonce string, r Report) []byte {
	line := appendLine(nil, nonce, r)
	if len(line) > maxLine {
		r.Command = r.Command[:min(len(r.Command), maxCommand)]
		r.Addresses = r.Addresses[:min(len(r.Addresses), maxAddresses)]
		line = appendLine(nil, nonce, r)
	}
	return append(dst, line...)
}

func appendLine(dst []byte, nonce string, r Report) []byte {
	body, _ := json.Marshal(r) // strings and numbers only: it cannot fail
	dst = append(append(dst, Marker...), sign(nonce, body)...)
	return append(append(append(dst, ' '), body...), '\n')
}
