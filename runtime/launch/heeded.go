package launch

import (
	"time"

	"previewd/runtime/preview"
)

// heeded tells the reports of an instance that were acted on from new ones. Reports are no lines of the log, and output that is read on from the
// last line brings those after it again. The engine's timestamps rise within the stream that reports come on.
type heeded struct {
	instance string
	before   time.Time // what was heeded when this reading began
	last     time.Time
	now      time.Time // of the entry that is being read
}

// in begins to read an instance's output.
func (h *heeded) in(r preview.LogReader, instance string) preview.LogReader {
	if h.instance != instance { // whose machine may have a clock of its own
		*h = heeded{instance: instance}
	}
	h.before = h.last
	return heededReader{r, h}
}

// isNew reports whether a report in the entry that is being read has to be heeded, and notes that it is.
func (h *heeded) isNew() bool {
	if !h.now.After(h.before) {
		return false
	}
	h.last = h.now
	return true
}

type heededReader struct {
	preview.LogReader
	heeded *heeded
}

// Next is the wrapped reader's.
func (r heededReader) Next() (preview.LogEntry, error) {
	e, err := r.LogReader.Next()
	if err == nil {
		r.heeded.now = e.Timestamp
	}
	return e, err
}
