package launch

import (
	"time"

	"previewd/runtime/preview"
)

// silence is how long an adopted instance must write nothing for its backlog to have been read. A busy engine takes seconds to find where to begin.
const silence = 5 * time.Second

// backlog passes on the output of an adopted instance and tells when it has caught up with the adoption. Until then
// previewd adds no line of its own: readers may have seen lines that the earlier process had not stored when it
// died, and these get the same numbers again only while nothing comes between.
type backlog struct {
	preview.LogReader
	until time.Time
	quiet *time.Timer
	done  func() // harmless when it is called again
}

func newBacklog(r preview.LogReader, until time.Time, done func()) *backlog {
	return &backlog{LogReader: r, until: until, quiet: time.AfterFunc(silence, done), done: done}
}

// Next is the wrapped reader's.
func (b *backlog) Next() (preview.LogEntry, error) {
	e, err := b.LogReader.Next()
	switch {
	case err != nil: // the last line may still come: see end
	case e.Timestamp.After(b.until):
		b.done()
	default:
		b.quiet.Reset(silence)
	}
	return e, err
}

// end is called when everything that was read is in the log.
func (b *backlog) end() {
	b.quiet.Stop()
	b.done()
}
