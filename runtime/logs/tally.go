package logs

import (
	"time"

	"previewd/runtime/preview"
)

// Count is what an instance's process 1 says of a stream, in a line of it: so many lines of the app's stand before.
type Count struct {
	Written int64 // all in all
	Dropped int64 // by process 1, because they came too fast; all in all
	Fresh   int64 // of these, since its last count
}

// Why lines are missing that process 1 has written.
const (
	unread  = "the engine's log files were full before they were read"
	unknown = -1 // how many
)

// tally compares what an instance says it has written to a stream with what has arrived. After a restart of previewd it knows nothing before the
// first count.
type tally struct {
	known bool
	again bool // it became so by lines that are read again
	told  Count
	seen  int64 // lines that arrived since
}

// skipped notes a line that is in the log already. It was counted when it arrived, if anybody counted then.
func (t *tally) skipped() {
	if t.again {
		t.seen++
	}
}

// take returns how many lines process 1 has dropped, and how many it has written that did not arrive, since the last count. One that is read again
// says nothing new.
func (t *tally) take(c Count) (dropped, lost int64) {
	if t.known && c.Written <= t.told.Written && c.Dropped <= t.told.Dropped {
		return 0, 0
	}
	if dropped = c.Fresh; t.known {
		dropped = c.Dropped - t.told.Dropped
		lost = max(0, c.Written-t.told.Written-t.seen)
	}
	*t = tally{known: true, again: t.again || !t.known, told: c}
	return dropped, lost
}

// count takes what a line of a stream says about it.
func (p *pump) count(stream preview.Stream, origin int64, c Count) {
	known := c.Fresh > 0 && p.skip(stream, origin) // its notice is in the log
	dropped, lost := p.origin.tallies[stream].take(c)
	if lost > 0 {
		p.journal.lose(int(lost), unread)
	}
	if dropped > 0 && !known {
		p.journal.notice(preview.LogLine{
			Timestamp: time.Unix(0, origin).UTC(), Origin: origin, OriginInstance: p.instance, Stream: stream,
		}, int(dropped))
	}
}

// notice adds what process 1 has dropped, in the place of the lines: a pump that resumes there does not tell it again.
func (j *Journal) notice(at preview.LogLine, dropped int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.origin(at.OriginInstance).marks.advance(at.Stream, at.Origin)
	j.tellDropped()
	j.logs.count.dropped(flooded, dropped)
	line := droppedLine(dropped, j.logs.opt.floods(), at.Timestamp)
	line.Stream, line.Origin, line.OriginInstance = at.Stream, at.Origin, at.OriginInstance
	j.push(line, nil, alone)
}

// lose adds the notice of lines that the engine no longer has.
func (j *Journal) lose(n int, why string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.tellDropped()
	j.logs.count.dropped(outrun, max(n, 1))
	j.push(droppedLine(n, why, j.logs.opt.Now()), nil, alone)
}
