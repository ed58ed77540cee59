package logs

import (
	"cmp"
	"regexp"
	"strings"

	"previewd/runtime/preview"
)

// tracker reads the lines of one stream: which level each has, and which belong together. A traceback is one ERROR, however many lines it has. One stream
// of its own each, because the lines of the other may stand between.
type tracker struct {
	trace trace         // what the last line was a part of
	level preview.Level // of that
	lines int           // in it so far
	zap   bool          // the first of them is tab-separated, as zap's
	site  bool          // the first of them ends in a place in a file

	empty    bool // the last line is
	unframed int  // lines since an exception that had no frames yet, 0 when there is none

	group     int64 // seq of the first line of what is open, 0 unknown
	exception int64 // seq of the exception without frames
	last      int64 // seq of the last line that is not empty
}

// place is how a line stands to those before it.
type place int

const (
	alone     place = iota
	begins          // others may follow it
	continues       // what is open
	follows         // the line before it, which did not look like a beginning
	explains        // the exception some lines before it
)

// trace is what lines are a part of.
type trace int

const (
	noTrace      trace = iota
	lead               // a warning or error that may be followed by details or by a traceback
	npmTrace           // npm's errors come in many lines
	pythonLead         // the line before a traceback: in which thread, of which task
	pythonTrace        // between "Traceback" and the exception's own line
	pythonSettle       // after that line
	pythonFields       // the same, in pydantic's list of fields
	pythonChain        // after an empty line: another traceback may follow
	pythonGroup        // an exception group, drawn with | and +
	nodeCrash          // from the place of an uncaught exception to the version of Node
	nodeTrace          // an exception and its frames
	goPanic            // before the first goroutine
	goTrace            // the dump of goroutines
	goStack            // zap's stack, below its line
	ginPanic           // gin's report of a panic, before the frames
	ginFrames
)

// mostLines bounds what belongs together; what goes on for longer was misread.
const mostLines = 2000

var colours = regexp.MustCompile("\x1b\\[[0-9;:]*m")

// read returns the line's level, which is INFO when it says nothing, and its place. Being on stderr is no error: most loggers write there.
func (t *tracker) read(stream preview.Stream, text string) (preview.Level, place) {
	if strings.Contains(text, "\x1b") {
		text = colours.ReplaceAllString(text, "")
	}
	if t.empty = text == ""; t.unframed > 0 {
		t.unframed++
	}
	if t.lines < mostLines {
		if next, ok := t.goesOn(text); ok {
			return t.keep(next)
		}
	}
	if isFrame(text) {
		return t.frame()
	}
	if next := beginning(stream, text); next != noTrace {
		return t.open(next, preview.Error)
	}
	return t.ordinary(text)
}

func (t *tracker) keep(next trace) (preview.Level, place) {
	if t.trace == lead && next != lead && next != goStack {
		t.level = preview.Error
	}
	if t.trace = next; next == nodeTrace {
		t.unframed = 0
	}
	t.lines++
	return t.level, continues
}

func (t *tracker) open(next trace, level preview.Level) (preview.Level, place) {
	t.trace, t.level, t.lines, t.zap, t.site = next, level, 1, false, false
	if t.unframed = 0; next == nodeTrace {
		t.unframed = 1
	}
	return level, begins
}

// ordinary is a line that is no part of a traceback. One that is a warning or worse may have details below it.
func (t *tracker) ordinary(text string) (preview.Level, place) {
	level := lineLevel(text)
	switch {
	case level == preview.Error && strings.HasPrefix(text, "npm "):
		return t.open(npmTrace, level)
	case level == preview.Error, level == preview.Warning:
		level, p := t.open(lead, level)
		t.zap, t.site = strings.Contains(text, "\t"), endsInPosition(text)
		return level, p
	case strings.HasPrefix(text, "Trace: "): // console.trace
		return t.open(nodeTrace, preview.Debug)
	case level == "":
		level = preview.Info
	}
	t.trace, t.lines = noTrace, 0
	return level, alone
}

// maxUnframed is how many lines of text an exception may have before its frames.
const maxUnframed = 20

// frame is a JavaScript or Java frame that nothing led up to: it belongs to an exception with several lines of text, or to whatever stands before it.
func (t *tracker) frame() (preview.Level, place) {
	t.trace, t.level, t.lines = nodeTrace, preview.Error, 2
	known := t.unframed > 0 && t.unframed <= maxUnframed
	t.unframed = 0
	if known {
		return preview.Error, explains
	}
	return preview.Error, follows
}

// beginning says which traceback begins with a line.
func beginning(stream preview.Stream, text string) trace {
	for _, begin := range []func(preview.Stream, string) trace{pythonBeginning, goBeginning, nodeBeginning} {
		if next := begin(stream, text); next != noTrace {
			return next
		}
	}
	return noTrace
}

// goesOn says whether a line belongs to what is open, and what is open after it.
func (t *tracker) goesOn(text string) (trace, bool) {
	switch t.trace {
	case noTrace:
		return noTrace, false
	case lead:
		return t.leadGoesOn(text)
	case npmTrace:
		return npmTrace, strings.HasPrefix(text, "npm ") && npmLevel(text) == preview.Error
	case nodeCrash, nodeTrace:
		return nodeGoesOn(t.trace, text)
	case goPanic, goTrace, goStack, ginPanic, ginFrames:
		return goGoesOn(t.trace, text)
	}
	return pythonGoesOn(t.trace, text)
}

// leadGoesOn: the details of a warning or error are indented; a traceback may follow an error.
func (t *tracker) leadGoesOn(text string) (trace, bool) {
	switch {
	case t.lines == 1 && t.level == preview.Error && startsPython(text):
		return afterPythonStart(text), true
	case t.lines == 1 && t.site && isException(text, preview.Stderr):
		return nodeTrace, true
	case strings.HasPrefix(text, "  "), strings.HasPrefix(text, "\t"), isExcerpt(text):
		return lead, true
	case t.lines > 1 && (text == "}" || text == "]"):
		return lead, true
	case strings.HasPrefix(text, "(Use `node --trace-"):
		return lead, true
	case t.zap && isStackFunction(text):
		return goStack, true
	}
	return noTrace, false
}

// groupAt returns the group of a line that gets the seq, 0 for none.
func (t *tracker) groupAt(seq int64, at place) int64 {
	switch at {
	case begins:
		return seq
	case continues:
		return cmp.Or(t.group, seq)
	case follows:
		return cmp.Or(t.last, seq)
	case explains:
		return cmp.Or(t.exception, t.last, seq)
	case alone:
	}
	return 0
}

// took notes the seq and group that a line got. Lines of previewd itself have no tracker.
func (t *tracker) took(seq, group int64) {
	if t == nil {
		return
	}
	if t.group = group; !t.empty {
		t.last = cmp.Or(group, seq)
	}
	if t.unframed == 1 {
		t.exception = group
	}
}

// dropped notes that a line has no place in the log. What continues it begins anew.
func (t *tracker) dropped(at place) {
	if t != nil && at != continues {
		t.last, t.group = 0, 0
	}
}
