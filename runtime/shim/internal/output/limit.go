package output

import (
	"sync"
	"time"
)

// burstSeconds is how long a silent app has saved up for.
const burstSeconds = 4

// limit bounds what both streams write together: two token buckets.
type limit struct {
	mu       sync.Mutex
	lines    bucket
	bytes    bucket
	last     time.Time
	dropping bool
}

// bucket fills by its rate a second; a rate of 0 bounds nothing.
type bucket struct{ rate, tokens float64 }

func newLimit(lines, bytes int) *limit {
	return &limit{lines: newBucket(lines), bytes: newBucket(bytes)}
}

func newBucket(rate int) bucket {
	return bucket{rate: float64(rate), tokens: float64(rate) * burstSeconds}
}

// admit says whether a line may begin. Once lines are dropped, they are until a tenth of the burst is free again: a run of lines and one notice are
// worth more than every other line.
func (l *limit) admit(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if passed := now.Sub(l.last).Seconds(); passed > 0 {
		l.lines.fill(passed)
		l.bytes.fill(passed)
		l.last = now
	}
	if l.dropping && (l.lines.low() || l.bytes.low()) {
		return false
	}
	if l.dropping = l.lines.empty() || l.bytes.empty(); l.dropping {
		return false
	}
	l.lines.tokens--
	return true
}

// spend takes the bytes of a line that was admitted, if there are not so many, in advance.
func (l *limit) spend(bytes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bytes.tokens -= float64(bytes)
}

func (b *bucket) fill(seconds float64) { b.tokens = min(b.rate*burstSeconds, b.tokens+seconds*b.rate) }
func (b *bucket) empty() bool          { return b.rate > 0 && b.tokens < 1 }
func (b *bucket) low() bool            { return b.rate > 0 && b.tokens < b.rate*burstSeconds/10 }
