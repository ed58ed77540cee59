package logs

import "previewd/runtime/preview"

// ring holds the last lines that a journal was given. Their seqs follow one another; first is the oldest one's, or the next one's when there is none.
type ring struct {
	maxLines, maxBytes int
	lines              []preview.LogLine
	bytes              int
	first              int64
	full               bool // it had lines that it no longer has
}

func newRing(maxLines, maxBytes int, seq int64) ring {
	return ring{maxLines: maxLines, maxBytes: maxBytes, first: seq + 1}
}

func (r *ring) add(line preview.LogLine) {
	r.lines = append(r.lines, line)
	r.bytes += weight(line)
	over := 0
	for len(r.lines)-over > r.maxLines || (r.bytes > r.maxBytes && len(r.lines)-over > 1) {
		r.bytes -= weight(r.lines[over])
		r.lines[over] = preview.LogLine{} // append moves to a new array only now and then
		over++
	}
	r.lines = r.lines[over:]
	r.first += int64(over)
	r.full = r.full || over > 0
}

// after returns the lines after a seq, at most max and about maxBytes; the first of them has to be in the ring.
func (r *ring) after(seq int64, most, maxBytes int) []preview.LogLine {
	var out []preview.LogLine
	for _, line := range r.lines[seq+1-r.first:] {
		if maxBytes -= weight(line); len(out) == most || (maxBytes < 0 && len(out) > 0) {
			break
		}
		out = append(out, line)
	}
	return out
}

func (r *ring) last(n int) []preview.LogLine {
	n = min(max(n, 0), len(r.lines))
	return append([]preview.LogLine(nil), r.lines[len(r.lines)-n:]...)
}
