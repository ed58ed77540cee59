package logs

import (
	"math"
	"time"
)

// flood bounds what one preview writes: two token buckets that fill by the engine's clock, so that a log read late, after an outage,
// loses nothing that was written at a moderate pace.
type flood struct {
	lines, bytes bucket
	last         time.Time
	dropping     bool
	dropped      int
}

type bucket struct{ rate, burst, tokens float64 }

func newFlood(o Options) flood {
	return flood{lines: newBucket(o.LineRate, o.LineBurst), bytes: newBucket(o.ByteRate, o.ByteBurst)}
}

func newBucket(rate, burst int) bucket {
	if rate < 0 {
		return bucket{tokens: math.Inf(1)}
	}
	return bucket{rate: float64(rate), burst: float64(burst), tokens: float64(burst)}
}

// admit says whether a line written at a time may pass. Once lines are dropped, they are until a tenth of the burst is free again: a run of lines
// and one notice are worth more than every other line.
func (f *flood) admit(at time.Time, size int) bool {
	if passed := at.Sub(f.last).Seconds(); passed > 0 {
		f.lines.fill(passed)
		f.bytes.fill(passed)
		f.last = at
	}
	if f.dropping && (f.lines.low() || f.bytes.low()) {
		f.dropped++
		return false
	}
	if f.dropping = f.lines.tokens < 1 || f.bytes.tokens < float64(size); f.dropping {
		f.dropped++
		return false
	}
	f.lines.tokens--
	f.bytes.tokens -= float64(size)
	return true
}

func (b *bucket) fill(seconds float64) {
	if b.burst > 0 {
		b.tokens = min(b.burst, b.tokens+seconds*b.rate)
	}
}

func (b *bucket) low() bool { return b.tokens < b.burst/10 }
