// Package explain turns what was seen of an app that ended, or never came up, into a reason that a person or a
// coding agent can act on. It is pure: the caller gathers the evidence.
package explain

import (
	"fmt"
	"strings"

	"previewd/runtime/preview"
)

// linesShown is how many of the last log lines a reason carries.
const linesShown = 20

// Ending is what was seen of an instance that ended or did not come up.
type Ending struct {
	ExitCode  int
	Signal    string // of the app, as the shim reports it; "" when it exited by itself
	OOMKilled bool   // the engine's flag or event
	Prepare   string // the preparation command that failed, "" when the app itself ended
	WasUp     bool   // it had answered before
	Listening []string

	Command        string
	TimeoutSeconds int
	MemoryLimit    uint64 // bytes
	MemoryPeak     uint64 // bytes, 0 unknown
	Lines          []preview.LogLine
}

// Exit explains an app that ended.
func Exit(e Ending) *preview.Reason {
	r := exitReason(e)
	code := e.ExitCode
	r.ExitCode = &code
	r.Evidence = e.evidence()
	return r
}

func exitReason(e Ending) *preview.Reason {
	if e.OOMKilled {
		return outOfMemory(e)
	}
	text := e.text()
	for _, c := range causes {
		if r := c(text); r != nil {
			return r
		}
	}
	return plainExit(e)
}

func outOfMemory(e Ending) *preview.Reason {
	return &preview.Reason{
		Code:    preview.OutOfMemory,
		Message: fmt.Sprintf("The app needed more than its %d MB of memory and was killed.", e.MemoryLimit>>20),
		Hint:    "Launch it again with a larger memory_mb, or make it use less memory.",
	}
}

func plainExit(e Ending) *preview.Reason {
	r := &preview.Reason{Code: preview.AppExited, Hint: "The last log lines show what it was doing. Fix the error and launch it again."}
	switch {
	case e.Prepare != "":
		r.Message = fmt.Sprintf("The preparation step `%s` failed with exit code %d.", short(e.Prepare), e.ExitCode)
	case e.Signal != "":
		r.Message = fmt.Sprintf("The app was ended by signal %s.", e.Signal)
	case e.ExitCode == 0 && !e.WasUp:
		r.Message = "The app ended by itself with exit code 0 before it served anything."
		r.Hint = fmt.Sprintf("The start command `%s` must start a server that keeps running.", short(e.Command))
	case e.WasUp:
		r.Message = fmt.Sprintf("The app was running and then ended with exit code %d.", e.ExitCode)
	default:
		r.Message = fmt.Sprintf("The app ended with exit code %d before it served anything.", e.ExitCode)
	}
	if last := lastError(e.Lines); last != "" && e.ExitCode != 0 {
		r.Message += " It said: " + last
	}
	return r
}

// Timeout explains an app that still runs but did not answer in time.
func Timeout(e Ending) *preview.Reason {
	r := &preview.Reason{Code: preview.StartupTimeout, Evidence: e.evidence()}
	switch {
	case len(e.Listening) == 0:
		r.Message = fmt.Sprintf("The app runs but opened no port within %d seconds.", e.TimeoutSeconds)
		r.Hint = "Start a server that listens on the port in the PORT environment variable, or launch it with a larger timeout."
	default:
		r.Message = fmt.Sprintf("The app listens on %s but gave no HTTP answer within %d seconds.",
			strings.Join(e.Listening, " and "), e.TimeoutSeconds)
		r.Hint = "Check that the port speaks HTTP and that the first request does not hang, or launch it with a larger timeout."
	}
	return r
}

func (e Ending) evidence() *preview.Evidence {
	ev := &preview.Evidence{Listening: e.Listening, MemoryLimit: e.MemoryLimit, MemoryPeak: e.MemoryPeak}
	for _, l := range tail(e.Lines) {
		ev.LastLines = append(ev.LastLines, l.Message)
	}
	return ev
}

// text is what the app itself said last, for the causes to search.
func (e Ending) text() string {
	var b strings.Builder
	for _, l := range e.Lines {
		if l.Source == preview.Subprocess {
			b.WriteString(l.Message)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func tail(lines []preview.LogLine) []preview.LogLine {
	var own []preview.LogLine
	for _, l := range lines {
		if l.Source == preview.Subprocess {
			own = append(own, l)
		}
	}
	return own[max(0, len(own)-linesShown):]
}

// lastError is the last line that looks like an error's own words.
func lastError(lines []preview.LogLine) string {
	for i := len(lines) - 1; i >= 0; i-- {
		text := strings.TrimSpace(lines[i].Message)
		if lines[i].Source == preview.Subprocess && errorLine.MatchString(text) {
			return short(text)
		}
	}
	return ""
}

func short(s string) string {
	const most = 200
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
