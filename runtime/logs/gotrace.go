package logs

import (
	"strings"

	"previewd/runtime/preview"
)

func goBeginning(_ preview.Stream, text string) trace {
	switch {
	case strings.HasPrefix(text, "panic: "), strings.HasPrefix(text, "fatal error: "), strings.HasPrefix(text, "runtime: goroutine stack exceeds"),
		strings.HasPrefix(text, "SIGQUIT: quit"), strings.HasPrefix(text, "unexpected fault address"):
		return goPanic
	case strings.Contains(text, " http: panic serving "):
		return goPanic
	case strings.Contains(text, "[Recovery] ") && strings.HasSuffix(text, " panic recovered:"):
		return ginPanic
	}
	return noTrace
}

func goGoesOn(now trace, text string) (trace, bool) {
	switch now {
	case goPanic:
		return goPanics(text)
	case goTrace:
		return goTrace, isGoFrame(text)
	case goStack:
		return goStack, strings.HasPrefix(text, "\t") || isStackFunction(text)
	case ginPanic:
		if isGinFrame(text) {
			return ginFrames, true
		}
		return ginPanic, lineLevel(text) == ""
	default: // ginFrames
		return ginFrames, isGinFrame(text) || text == "" || strings.HasPrefix(text, "\t")
	}
}

// goPanics: before the goroutines stand the other lines of the panic's text, which are indented, and the signal.
func goPanics(text string) (trace, bool) {
	switch {
	case strings.HasPrefix(text, "goroutine "):
		return goTrace, true
	case text == "", strings.HasPrefix(text, "\t"), strings.HasPrefix(text, "["), strings.HasPrefix(text, "panic: "),
		strings.HasPrefix(text, "fatal error: "), strings.HasPrefix(text, "runtime: "), strings.HasPrefix(text, "runtime stack:"),
		strings.HasPrefix(text, "PC=0x"), isCall(text), strings.HasPrefix(text, "exit status "):
		return goPanic, true
	}
	return noTrace, false
}

func isGoFrame(text string) bool {
	for _, head := range []string{"\t", "goroutine ", "created by ", "exit status ", "...additional frames elided...", "runtime: "} {
		if strings.HasPrefix(text, head) {
			return true
		}
	}
	return text == "" || isCall(text)
}

// isCall: "main.(*server).serve(0xc000, {0x1, 0x2})".
func isCall(text string) bool {
	open := strings.IndexByte(text, '(')
	return open > 0 && strings.HasSuffix(text, ")") && !strings.ContainsAny(text[:open], " \t")
}

// isStackFunction: "main.main", "net/http.(*conn).serve", as zap writes stacks: without arguments.
func isStackFunction(text string) bool {
	dot := strings.IndexByte(text[strings.LastIndexByte(text, '/')+1:], '.')
	return dot > 0 && !strings.ContainsAny(text, " \t:=,\"'") && !strings.HasSuffix(text, ".")
}

// isGinFrame: "github.com/gin-gonic/gin@v1.10.1/gin.go:644 (0x7c96d7)".
func isGinFrame(text string) bool {
	return strings.HasSuffix(text, ")") && strings.Contains(text, " (0x") && !strings.HasPrefix(text, " ")
}
