package logs

import (
	"maps"
	"math"
	"time"

	"previewd/runtime/preview"
)

// maxUnfinished is how long before the last line a resumed pump starts to read: there may be the beginning of a line that was not finished
// on the other stream.
const maxUnfinished = 10 * time.Second

// mark is the end of what is known of one stream: the engine's timestamp of its last line, nanoseconds, and how many lines bear it.
type mark struct {
	origin int64
	count  int
}

// marks says what of an instance's output is in the log. The engine's timestamps rise within a stream, but not from one stream to the
// other, and so each has a mark.
type marks struct {
	streams map[preview.Stream]mark
	base    mark // of a stream without one
}

// storedMarks reads the marks of every instance off the last stored lines. whole says that there are none before them.
func storedMarks(pos preview.LogPosition, recent []preview.LogLine, whole bool) map[string]marks {
	all := map[string]marks{}
	if pos.Instance != "" {
		all[pos.Instance] = marks{streams: map[preview.Stream]mark{}, base: mark{origin: pos.Origin, count: pos.SameOrigin}}
	}
	for _, line := range recent {
		if line.Origin == 0 {
			continue
		}
		m, known := all[line.OriginInstance]
		if !known || len(m.streams) == 0 {
			m = marks{streams: map[preview.Stream]mark{}}
			if !whole { // earlier lines of the other stream are stored, but not in sight
				m.base = mark{origin: line.Origin, count: math.MaxInt}
			}
		}
		m.advance(line.Stream, line.Origin)
		all[line.OriginInstance] = m
	}
	return all
}

// advance notes one more line.
func (m marks) advance(stream preview.Stream, origin int64) {
	switch last, known := m.streams[stream]; {
	case !known || origin > last.origin:
		m.streams[stream] = mark{origin: origin, count: 1}
	case origin == last.origin:
		m.streams[stream] = mark{origin: origin, count: last.count + 1}
	}
}

// skip says of the next line of a stream read again whether it is known. Each known line at a mark is found once.
func (m marks) skip(stream preview.Stream, origin int64) bool {
	last, known := m.streams[stream]
	if !known {
		last = m.base
	}
	if origin != last.origin {
		return origin < last.origin
	}
	if last.count == 0 {
		return false
	}
	last.count--
	m.streams[stream] = last
	return true
}

func (m marks) clone() marks {
	return marks{streams: maps.Clone(m.streams), base: m.base}
}

// Since is where the log of an instance has to be read from so that Pump misses nothing: zero, the start, for an instance that is new.
func (j *Journal) Since(instanceID string) time.Time {
	j.mu.Lock()
	defer j.mu.Unlock()
	m, known := j.marks[instanceID]
	if !known {
		return time.Time{}
	}
	first, last := int64(math.MaxInt64), m.base.origin
	for _, stream := range []preview.Stream{preview.Stdout, preview.Stderr} {
		own, known := m.streams[stream]
		if !known {
			own = m.base
		}
		first, last = min(first, own.origin), max(last, own.origin)
	}
	return time.Unix(0, max(first, last-int64(maxUnfinished))).UTC()
}
