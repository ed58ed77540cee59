package logs

import (
	"strings"

	"previewd/runtime/preview"
)

// leveler gives the lines of one stream their levels. It remembers whether they belong to a traceback.
type leveler struct {
	in trace
}

// trace is the kind of traceback that lines are a part of.
type trace int

const (
	noTrace trace = iota
	pythonTrace
	nodeTrace
	goTrace
)

// level of a line: what it says of itself, or ERROR within a traceback, or INFO. Being on stderr is no error: most loggers write there.
func (l *leveler) level(stream preview.Stream, text string) preview.Level {
	if l.in = l.next(stream, text); l.in != noTrace {
		if l.in == pythonTrace && !strings.HasPrefix(text, " ") && !startsPython(text) {
			l.in = noTrace // the exception's own line is the last
		}
		return preview.Error
	}
	if level := lineLevel(text); level != "" {
		return level
	}
	return preview.Info
}

// next says which traceback the line belongs to.
func (l *leveler) next(stream preview.Stream, text string) trace {
	switch {
	case startsPython(text):
		return pythonTrace
	case strings.HasPrefix(text, "panic: "), strings.HasPrefix(text, "fatal error: "):
		return goTrace
	case l.in == pythonTrace:
		return pythonTrace
	case stream == preview.Stderr && exception.MatchString(text):
		return nodeTrace
	case l.in == nodeTrace && nodeFrame(text), l.in == goTrace && goFrame(text):
		return l.in
	}
	return noTrace
}

func startsPython(text string) bool {
	return strings.HasSuffix(text, "Traceback (most recent call last):")
}

func nodeFrame(text string) bool {
	return strings.HasPrefix(text, "    at ") || strings.HasPrefix(text, "  ") || text == "}" || text == "{"
}

func goFrame(text string) bool {
	for _, head := range []string{"\t", "goroutine ", "[signal ", "created by ", "exit status ", "panic: "} {
		if strings.HasPrefix(text, head) {
			return true
		}
	}
	return text == "" || (strings.HasSuffix(text, ")") && strings.Contains(text, "("))
}
