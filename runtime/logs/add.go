package logs

import (
	"fmt"
	"strings"
	"time"

	"previewd/runtime/preview"
)

// tellAfter is how long after the first dropped line its notice comes at the latest.
const tellAfter = time.Second

// add adds a line of the app unless it floods.
func (j *Journal) add(line preview.LogLine, t *tracker, at place) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.origin(line.OriginInstance).marks.advance(line.Stream, line.Origin)
	j.logs.count.took(line)
	if !j.flood.admit(line.Timestamp, len(line.Message)) {
		if j.telling == nil {
			j.telling = time.AfterFunc(tellAfter, j.tell)
		}
		t.dropped(at)
		return
	}
	j.tellDropped()
	j.push(line, t, at)
}

// tell adds the notice of what was dropped.
func (j *Journal) tell() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.tellDropped()
}

func (j *Journal) tellDropped() {
	if j.telling != nil {
		j.telling.Stop()
		j.telling = nil
	}
	if n := j.flood.dropped; n > 0 {
		j.flood.dropped = 0
		j.logs.count.dropped(flooded, n)
		j.push(droppedLine(n, j.logs.opt.floods(), j.logs.opt.Now()), nil, alone)
	}
}

// floods says what an app does whose lines are dropped.
func (o Options) floods() string {
	var bounds []string
	if o.LineRate > 0 {
		bounds = append(bounds, fmt.Sprintf("%d lines", o.LineRate))
	}
	if o.ByteRate > 0 {
		bounds = append(bounds, fmt.Sprintf("%d KB", o.ByteRate>>10))
	}
	return "the app writes more than " + strings.Join(bounds, " or ") + " a second"
}

// droppedLine is how every loss of lines reads.
func droppedLine(n int, why string, at time.Time) preview.LogLine {
	lines := fmt.Sprintf("%d lines", n)
	if n == unknown {
		lines = "an unknown number of lines"
	}
	return preview.LogLine{
		Timestamp: at.UTC(), Level: preview.Warning, Source: preview.System, Message: "dropped " + lines + ": " + why,
	}
}
