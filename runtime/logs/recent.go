package logs

import (
	"context"
	"time"

	"previewd/runtime/preview"
)

const (
	recentLines = 256     // are read of a stored log, at least
	mostRecent  = 1 << 16 // and at most

	// streamLag is how much older than the last line of one stream a line of the other may be that the engine delivers after it. It stamps lines before
	// it waits for its turn to write them: on a machine under load, hundreds of lines of one stream pass one of the other.
	streamLag = 5 * time.Second
)

// recent returns the last stored lines: so many that they tell of each stream what a pump has delivered. whole says that there are none before
// them. They are not kept: a previewd that takes over thousands of logs has readers of few.
func (l *Logs) recent(ctx context.Context, previewID string, seq int64) (lines []preview.LogLine, whole bool, err error) {
	if seq == 0 {
		return nil, true, nil
	}
	for n := int64(recentLines); ; n *= 8 {
		after := max(seq-n, 0)
		if lines, err = l.opt.Store.LogLines(ctx, previewID, after, int(n)); err != nil {
			return nil, false, err
		}
		if after == 0 || n >= mostRecent || reachBack(lines) {
			return lines, after == 0, nil
		}
	}
}

// reachBack says whether lines go back far enough.
func reachBack(lines []preview.LogLine) bool {
	var first, last preview.LogLine
	for _, line := range lines {
		switch {
		case line.Origin == 0:
		case line.OriginInstance != last.OriginInstance:
			first, last = line, line
		default:
			last = line
		}
	}
	return last.Origin-first.Origin > int64(streamLag)
}
