package logs

import "previewd/runtime/preview"

// tailBytes of an overlong line are kept beside its beginning: the shim's reports stand at ends of lines.
const tailBytes = 16 << 10

// joiner puts lines together that the engine delivers in parts.
type joiner struct {
	limit int // bytes kept from the beginning of a line
	parts map[preview.Stream]*part
}

// part is a line so far.
type part struct {
	text    []byte
	cut     bool // something between limit and the last tailBytes is missing
	pending bool
	origin  int64 // of the last entry
}

func newJoiner(limit int) *joiner {
	return &joiner{limit: limit, parts: map[preview.Stream]*part{preview.Stdout: {}, preview.Stderr: {}}}
}

// add takes an entry. The line is complete when done; it is valid until the next add.
func (j *joiner) add(e preview.LogEntry) (line *part, done bool) {
	p := j.parts[e.Stream]
	if !p.pending {
		p.text, p.cut = p.text[:0], false
	}
	p.text = append(p.text, e.Text...)
	p.origin = e.Timestamp.UnixNano()
	if len(p.text) > j.limit+tailBytes {
		n := copy(p.text[j.limit:], p.text[len(p.text)-tailBytes:])
		p.text, p.cut = p.text[:j.limit+n], true
	}
	p.pending = e.Partial
	return p, !e.Partial
}

// rest returns the unfinished line of a stream that has ended.
func (j *joiner) rest(stream preview.Stream) (line *part, ok bool) {
	p := j.parts[stream]
	if !p.pending {
		return nil, false
	}
	p.pending = false
	return p, true
}
