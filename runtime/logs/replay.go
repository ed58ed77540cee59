package logs

import (
	"cmp"
	"hash/maphash"
	"slices"
	"time"

	"previewd/runtime/preview"
)

const (
	replayTime    = 2 * time.Minute // how old an entry may be that comes again: a pump may have waited for the database so long
	replayEntries = 700_000         // of a stream that are remembered at most, of 16 bytes each: a file holds no more
)

// replays recognises what a follower delivers twice. When the engine (20.10) has rotated its files it may begin the new one, and a moment later begin
// it again, when it has read it to its end: what it read of it comes once more, in its order, with its times.
type replays struct {
	seed    maphash.Seed
	streams map[preview.Stream]*delivered
}

func newReplays() replays {
	return replays{seed: maphash.MakeSeed(), streams: map[preview.Stream]*delivered{preview.Stdout: {}, preview.Stderr: {}}}
}

// delivered are the last entries of a stream. Their times do not fall.
type delivered struct {
	entries []entry
	next    int  // the one that comes now if they come again
	open    bool // the last one is a part of a line that goes on
}

type entry struct {
	origin int64
	sum    uint64
}

// again says whether an entry was delivered before.
func (r replays) again(e preview.LogEntry) bool {
	return r.streams[e.Stream].again(entry{e.Timestamp.UnixNano(), maphash.Bytes(r.seed, e.Text)}, e.Partial)
}

func (d *delivered) again(e entry, partial bool) bool {
	if d.next < len(d.entries) && d.entries[d.next] == e {
		d.next++
		return true
	}
	if i := d.find(e); i >= 0 {
		d.next = i + 1
		return true
	}
	d.note(e)
	d.open = partial
	return false
}

// find returns the place of an entry that was delivered, or -1.
func (d *delivered) find(e entry) int {
	n := len(d.entries)
	if n == 0 || e.origin > d.entries[n-1].origin || (e.origin == d.entries[n-1].origin && d.mayShare(e.origin)) {
		return -1
	}
	first, _ := slices.BinarySearchFunc(d.entries, e.origin, func(have entry, origin int64) int { return cmp.Compare(have.origin, origin) })
	for i := first; i < n && d.entries[i].origin == e.origin; i++ {
		if d.entries[i] == e {
			return i
		}
	}
	return -1
}

// mayShare says whether the next entry may have the time of the last one and its text, too, and still be another. The parts of a long line have one
// time. Lines are stamped one by one, in nanoseconds; a clock that counts microseconds may give several the same.
func (d *delivered) mayShare(origin int64) bool { return d.open || origin%int64(time.Microsecond) == 0 }

func (d *delivered) note(e entry) {
	if n := len(d.entries); n > 0 && e.origin < d.entries[n-1].origin { // the engine's clock was put back
		d.entries = nil
	}
	d.entries = append(d.entries, e)
	old := max(0, len(d.entries)-replayEntries)
	for e.origin-d.entries[old].origin > int64(replayTime) {
		old++
	}
	d.entries = d.entries[old:] // append moves to a new array only now and then
	d.next = len(d.entries)
}
