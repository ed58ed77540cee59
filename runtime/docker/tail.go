package docker

import (
	"bytes"
	"io"
)

const (
	tailLines = 40   // kept of a build's output
	tailBytes = 2000 // of one line
)

// tailWriter passes output on and remembers its last lines.
type tailWriter struct {
	out   io.Writer
	lines []string
	open  []byte // the line that has no end yet
}

func (t *tailWriter) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		line, after, ended := bytes.Cut(rest, []byte{'\n'})
		if room := tailBytes - len(t.open); room > 0 {
			t.open = append(t.open, line[:min(room, len(line))]...)
		}
		if ended {
			t.keep()
		}
		rest = after
	}
	return t.out.Write(p)
}

func (t *tailWriter) keep() {
	if line := bytes.TrimRight(t.open, "\r "); len(line) > 0 {
		t.lines = append(t.lines, string(line))
	}
	t.open = t.open[:0]
	if extra := len(t.lines) - tailLines; extra > 0 {
		t.lines = append(t.lines[:0], t.lines[extra:]...)
	}
}

func (t *tailWriter) last() []string {
	t.keep()
	return t.lines
}
