package logs

import "previewd/runtime/preview"

// ring holds the last lines of a journal. Their seqs follow one another; first is the oldest one's, or the next one's when there is none.
type ring struct {
	maxLines, maxBytes int
	lines              []preview.LogLine
	bytes              int
	first              int64
}

func newRing(maxLines, maxBytes int, seq int64) ring {
	return ring{maxLines: maxLines, maxBytes: maxBytes, first: seq + 1}
}

func (r *ring) add(line preview.LogLine) {
	if line.Seq != r.first+int64(len(r.lines)) { // a stored log with a hole: only what follows it can be counted through
		r.lines, r.bytes = nil, 0
	}
	if len(r.lines) == 0 {
		r.first = line.Seq
	}
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
