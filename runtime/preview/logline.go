package preview

import "time"

// Level of a log line.
type Level string

// Levels as the API spells them.
const (
	Debug   Level = "DEBUG"
	Info    Level = "INFO"
	Warning Level = "WARNING"
	Error   Level = "ERROR"
)

// Levels lists them from the least to the most severe.
func Levels() []Level { return []Level{Debug, Info, Warning, Error} }

// Severity is a level's place among all, from 1; 0 for what is none.
func (l Level) Severity() int {
	switch l {
	case Debug:
		return 1
	case Info:
		return 2
	case Warning:
		return 3
	case Error:
		return 4
	}
	return 0
}

// Source tells who wrote a log line.
type Source string

// Sources: the app (or its install) and previewd itself.
const (
	Subprocess Source = "subprocess"
	System     Source = "system"
)

// Stream is the file descriptor a line came from; "" for system lines.
type Stream string

// Streams of a process.
const (
	Stdout Stream = "stdout"
	Stderr Stream = "stderr"
)

// LogLine is one line of a preview's log. Seq counts from 1 per preview without gaps.
type LogLine struct {
	PreviewID string    `json:"-"`
	Seq       int64     `json:"seq"`
	Timestamp time.Time `json:"timestamp"`
	Level     Level     `json:"level"`
	Message   string    `json:"message"`
	Source    Source    `json:"source"`
	Stream    Stream    `json:"stream"`
	// Group is the seq of the first line of what this line is a part of, such as a traceback; 0 when it stands alone.
	// Lines of the other stream may stand between those of a group.
	Group int64 `json:"group,omitempty"`

	// Origin is the engine's timestamp of the line in nanoseconds since the epoch, and 0 for lines that did
	// not come from the engine. A pump resumes strictly after the last stored Origin.
	Origin int64 `json:"-"`
	// OriginInstance is the instance the Origin belongs to.
	OriginInstance string `json:"-"`
}

// LogPosition is where a preview's stored log ends. A pump of the same instance skips every entry before Origin
// and the first SameOrigin entries at it.
type LogPosition struct {
	Seq        int64  // last seq, 0 when nothing is stored
	Instance   string // of the last line that came from the engine
	Origin     int64  // engine timestamp of that line, nanoseconds since the epoch
	SameOrigin int    // engine entries stored at exactly that timestamp
}
