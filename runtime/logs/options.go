package logs

import (
	"context"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
)

// Store keeps log lines.
type Store interface {
	// AppendLogs stores lines, of each preview in order of seq. Lines that are stored already are skipped, so that a call whose outcome
	// is unknown may be repeated.
	AppendLogs(ctx context.Context, lines []preview.LogLine) error
	// LogLines returns at most limit lines after a seq, oldest first, with their origins.
	LogLines(ctx context.Context, previewID string, after int64, limit int) ([]preview.LogLine, error)
	LogPosition(ctx context.Context, previewID string) (preview.LogPosition, error)
}

// Options of New. Store and Log are required; a zero takes the default.
type Options struct {
	Store Store
	Log   *logrus.Entry

	FlushEvery time.Duration // a line waits at most this long for others before it is stored; default 100 ms
	BatchLines int           // stored at once without waiting; default 2,000
	QueueLines int           // waiting to be stored, of all previews, before pumps pause; default 50,000
	QueueBytes int           // the same in bytes; default 32 MiB

	RingLines int // kept in memory per preview for live readers; default 2,000
	RingBytes int // the same in bytes; default 1 MiB
	LagLines  int // a live reader this far behind loses lines; until then it catches up from the store; default 20,000

	LineBytes int // a longer line is cut; default 64 KiB
	// What one preview may write; less than 0 is unbounded. Its process 1 holds it to the same rates with half the bursts, and so this is for
	// installs, and for what arrives in clumps.
	LineRate  int // lines a second, default 5,000
	LineBurst int // lines above the rate, default 8 seconds' worth
	ByteRate  int // bytes a second, default 4 MiB
	ByteBurst int // bytes above the rate, default 8 seconds' worth

	// Hold waits until this process's pumps are the only ones for certain; nil never waits.
	Hold func(ctx context.Context) error

	// Stored is told of logs that have gone on in the store; it must not wait. nil tells nobody.
	Stored func(previewID string)

	Now func() time.Time
}

func (o Options) withDefaults() Options {
	setDefault(&o.FlushEvery, 100*time.Millisecond)
	setDefault(&o.BatchLines, 2000)
	setDefault(&o.QueueLines, 50_000)
	setDefault(&o.QueueBytes, 32<<20)
	setDefault(&o.RingLines, 2000)
	setDefault(&o.RingBytes, 1<<20)
	setDefault(&o.LagLines, 20_000)
	setDefault(&o.LineBytes, 64<<10)
	setDefault(&o.LineRate, 5000)
	setDefault(&o.LineBurst, 8*o.LineRate)
	setDefault(&o.ByteRate, 4<<20)
	setDefault(&o.ByteBurst, 8*o.ByteRate)
	if o.Hold == nil {
		o.Hold = func(context.Context) error { return nil }
	}
	if o.Stored == nil {
		o.Stored = func(string) {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

func setDefault[T int | time.Duration](v *T, def T) {
	if *v == 0 {
		*v = def
	}
}
