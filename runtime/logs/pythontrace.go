package logs

import (
	"strings"

	"previewd/runtime/preview"
)

const (
	pythonStart = "Traceback (most recent call last):"
	groupStart  = "Exception Group Traceback (most recent call last):"
)

// startsPython also where a logger puts something before it: "ERROR:    Traceback (most recent call last):".
func startsPython(text string) bool { return strings.HasSuffix(text, pythonStart) }

func afterPythonStart(text string) trace {
	if strings.HasSuffix(text, groupStart) {
		return pythonGroup
	}
	return pythonTrace
}

func pythonBeginning(_ preview.Stream, text string) trace {
	switch {
	case startsPython(text):
		return afterPythonStart(text)
	case pythonLeads(text):
		return pythonLead
	case strings.HasPrefix(text, `  File "`) && strings.Contains(text, `", line `): // a syntax error in the file that was started
		return pythonTrace
	}
	return noTrace
}

// pythonLeads: lines before a traceback that belong to it.
func pythonLeads(text string) bool {
	switch {
	case strings.HasPrefix(text, "Exception in thread "), strings.HasPrefix(text, "Exception ignored in"),
		strings.HasPrefix(text, "Task exception was never retrieved"), strings.HasPrefix(text, "Future exception was never retrieved"),
		strings.HasPrefix(text, "Task was destroyed but it is pending"):
		return true
	case strings.HasPrefix(text, "Process ") && strings.HasSuffix(text, ":"): // multiprocessing
		return strings.Count(text, " ") == 1
	}
	return false
}

func pythonGoesOn(now trace, text string) (trace, bool) {
	switch now {
	case pythonLead:
		return pythonLeadGoesOn(text)
	case pythonTrace:
		return insidePython(text), true
	case pythonSettle, pythonFields:
		return pythonSettles(now, text)
	case pythonChain:
		return pythonTrace, isChain(text) // an empty line and the next traceback follow
	case pythonGroup:
		return pythonGroupGoesOn(text)
	default:
		return noTrace, false
	}
}

func pythonLeadGoesOn(text string) (trace, bool) {
	if startsPython(text) {
		return afterPythonStart(text), true
	}
	for _, about := range []string{"future: ", "task: ", "handle: ", "source_traceback: ", "protocol: ", "transport: "} {
		if strings.HasPrefix(text, about) {
			return pythonLead, true
		}
	}
	return noTrace, false
}

// insidePython: everything up to the first line that is not indented, which is the exception's own.
func insidePython(text string) trace {
	switch {
	case text == "", strings.HasPrefix(text, " "), strings.HasPrefix(text, "> File "): // the latter is loguru's
		return pythonTrace
	case startsPython(text):
		return afterPythonStart(text)
	case strings.Contains(text, " validation error"):
		return pythonFields
	}
	return pythonSettle
}

// pythonSettles: the text of an exception may have more lines.
func pythonSettles(now trace, text string) (trace, bool) {
	switch {
	case text == "":
		return pythonChain, true
	case strings.HasPrefix(text, "  "),
		strings.HasPrefix(text, "[SQL: "), strings.HasPrefix(text, "[parameters: "), strings.HasPrefix(text, "(Background on this error at: "):
		return now, true
	case now == pythonFields && isField(text):
		return now, true
	case isChain(text):
		return pythonChain, true
	}
	return noTrace, false
}

// isField: the place in the input that pydantic complains about, such as "database.hosts.0".
func isField(text string) bool {
	for i := range len(text) {
		if c := text[i]; !isNameByte(c) && strings.IndexByte(".-[]'", c) < 0 {
			return false
		}
	}
	return text != ""
}

func isChain(text string) bool {
	return strings.HasPrefix(text, "During handling of the above exception, another exception occurred:") ||
		strings.HasPrefix(text, "The above exception was the direct cause of the following exception:")
}

func pythonGroupGoesOn(text string) (trace, bool) {
	trimmed := strings.TrimLeft(text, " ")
	switch {
	case trimmed != text && (strings.HasPrefix(trimmed, "|") || strings.HasPrefix(trimmed, "+")):
		return pythonGroup, true
	case text == "":
		return pythonChain, true
	case isChain(text):
		return pythonTrace, true
	}
	return noTrace, false
}
