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

// origin is what a journal knows of an instance whose output it takes.
type origin struct {
	marks    marks
	trackers map[preview.Stream]*tracker
	tallies  map[preview.Stream]*tally
}

func newOrigin() origin {
	return origin{
		marks:    marks{streams: map[preview.Stream]mark{}},
		trackers: map[preview.Stream]*tracker{preview.Stdout: {}, preview.Stderr: {}},
		tallies:  map[preview.Stream]*tally{preview.Stdout: {}, preview.Stderr: {}},
	}
}

// counted is the origin of an instance whose output is read from its start.
func (o origin) counted() origin {
	for _, t := range o.tallies {
		t.known = true
	}
	return o
}

// origin returns what is known of an instance. The caller holds mu.
func (j *Journal) origin(instanceID string) origin {
	o, known := j.origins[instanceID]
	if !known {
		o = newOrigin().counted()
		j.origins[instanceID] = o
	}
	return o
}

// storedOrigins reads what is known of every instance off the last stored lines. whole says that there are none before them.
func storedOrigins(pos preview.LogPosition, recent []preview.LogLine, whole bool) map[string]origin {
	all := map[string]origin{}
	if pos.Instance != "" {
		o := newOrigin()
		o.marks.base = mark{origin: pos.Origin, count: pos.SameOrigin}
		all[pos.Instance] = o
	}
	earliest := true
	for _, line := range recent {
		if line.Origin == 0 {
			continue
		}
		o, known := all[line.OriginInstance]
		if !known || len(o.marks.streams) == 0 {
			o = newOrigin()
			if !whole && earliest { // earlier lines of the other stream are stored, but not in sight
				o.marks.base = mark{origin: line.Origin, count: math.MaxInt}
			}
		}
		earliest = false
		o.note(line)
		all[line.OriginInstance] = o
	}
	return all
}

// note takes a line that is stored already: a traceback that was being written when previewd ended goes on.
func (o origin) note(line preview.LogLine) {
	o.marks.advance(line.Stream, line.Origin)
	if t := o.trackers[line.Stream]; t != nil && line.Source == preview.Subprocess {
		t.read(line.Stream, line.Message)
		t.took(line.Seq, line.Group)
	}
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
	o, known := j.origins[instanceID]
	if !known {
		return time.Time{}
	}
	return o.marks.since()
}

// awaited are the streams whose last known line is read again by a pump that starts at since. That it is missing means that lines after it are, too;
// where lines are counted, the next count tells.
func (o origin) awaited() map[preview.Stream]bool {
	streams := map[preview.Stream]bool{}
	for stream, m := range o.marks.streams {
		if !o.tallies[stream].known && m.origin >= o.marks.since().UnixNano() {
			streams[stream] = true
		}
	}
	return streams
}

func (m marks) since() time.Time {
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
