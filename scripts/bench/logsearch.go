package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"previewd/runtime/preview"
)

// logSearchBench reads and searches among many stored lines.
func logSearchBench(fs *flag.FlagSet) bench {
	lines := fs.Int("log-search-lines", 10_000_000, "stored lines, a tenth of them of one preview")
	previews := fs.Int("log-search-previews", 150, "previews that they belong to, over seven days")
	samples := fs.Int("log-search-samples", 300, "pages, and searches of each kind")
	return bench{"log-search", "pages anywhere, and searches in one preview, among ten million stored lines", func(ctx context.Context, _ *bed, r *report) error {
		return onLogBed(ctx, func(b *logBed) error {
			l, err := b.fill(ctx, *previews, *lines)
			if err != nil {
				return err
			}
			return l.measure(ctx, r, *samples)
		})
	}}
}

// library is a database full of logs.
type library struct {
	*logBed
	ids   []string // the first has a tenth of all lines
	sizes []int
}

// fill stores lines as they come in life: previews of a day write at the same time, some dozens of lines each in turn.
func (b *logBed) fill(ctx context.Context, previews, lines int) (*library, error) {
	l, messages, today := &library{logBed: b}, appMessages(100_000), time.Now()
	random := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // the same library each time
	for day := range 7 {
		n := previews/7 + min(1, max(0, previews%7-day))
		ids, err := b.previews(ctx, n, today.AddDate(0, 0, day-6))
		if err != nil {
			return nil, err
		}
		sizes := make([]int, n)
		for i := range sizes {
			sizes[i] = lines * 9 / 10 / (previews - 1)
			if day == 0 && i == 0 {
				sizes[i] = lines / 10
			}
		}
		if err := b.write(ctx, ids, sizes, messages, today.AddDate(0, 0, day-6), random); err != nil {
			return nil, err
		}
		l.ids, l.sizes = append(l.ids, ids...), append(l.sizes, sizes...)
		progress("%d previews have logs", len(l.ids))
	}
	_, err := b.psql(ctx, "vacuum analyze preview_logs")
	return l, err
}

func (b *logBed) write(ctx context.Context, ids []string, sizes []int, messages []string, began time.Time, random *rand.Rand) error {
	seqs := make([]int, len(ids))
	for writing := true; writing; {
		writing = false
		var batch []preview.LogLine
		for i, id := range ids {
			turn := (20 + random.IntN(100)) * max(1, sizes[i]/sizes[len(sizes)-1]/2) // the long log's is longer
			for range min(sizes[i]-seqs[i], turn) {
				seqs[i]++
				batch = append(batch, lineOf(id, seqs[i], messages, began, random))
			}
			writing = writing || seqs[i] < sizes[i]
		}
		if err := b.AppendLogs(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

func lineOf(id string, seq int, messages []string, began time.Time, random *rand.Rand) preview.LogLine {
	at := began.Add(time.Duration(seq) * 3 * time.Millisecond)
	line := preview.LogLine{
		PreviewID: id, Seq: int64(seq), Timestamp: at, Level: preview.Info, Message: messages[random.IntN(len(messages))],
		Source: preview.Subprocess, Stream: preview.Stdout, Origin: at.UnixNano(), OriginInstance: "instance",
	}
	if random.IntN(1000) == 0 {
		line.Level, line.Message = preview.Error, fmt.Sprintf("Error: connect ECONNREFUSED 127.0.0.1:%d", random.IntN(65536))
	}
	return line
}

// kind is something that people search for.
type kind struct {
	name string
	preview.LogQuery
}

// kinds go from what is everywhere to what is nowhere.
func kinds() []kind {
	text, expression := mustPattern(preview.ContainingText), mustPattern(preview.MatchingRegexp)
	return []kind{
		{"a text that is everywhere", preview.LogQuery{Pattern: text("get /api")}},
		{"a text that is rare", preview.LogQuery{Pattern: text("econnrefused")}},
		{"a text that is nowhere", preview.LogQuery{Pattern: text("no such text")}},
		{"errors", preview.LogQuery{Level: preview.Error}},
		{"an expression with a text", preview.LogQuery{Pattern: expression(`ECONN\w+ .*:6\d{3}$`)}},
		{"an expression without a text", preview.LogQuery{Pattern: expression(`\d{5}\b.*\b\d{5}`)}},
	}
}

func (l *library) measure(ctx context.Context, r *report, samples int) error {
	random := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // the same samples each time
	pages, err := l.timed(ctx, samples, func() (string, preview.LogQuery) {
		i := random.IntN(len(l.ids))
		return l.ids[i], preview.LogQuery{Limit: 500, From: int64(random.IntN(l.sizes[i] + 2)), Backward: random.IntN(2) == 0}
	})
	if err != nil {
		return err
	}
	r.percentile("a page of 500 lines anywhere, p95", pages, 0.95)
	r.atMost(50)
	return l.searches(ctx, r, samples, random)
}

func (l *library) searches(ctx context.Context, r *report, samples int, random *rand.Rand) error {
	var every []float64
	for _, k := range kinds() {
		k.Limit = 500
		took, err := l.timed(ctx, samples, func() (string, preview.LogQuery) {
			if k.From, k.Backward = 0, random.IntN(2) == 0; k.Backward {
				k.From = math.MaxInt64
			}
			return l.ids[random.IntN(len(l.ids))], k.LogQuery
		})
		if err != nil {
			return err
		}
		every = append(every, took...)
		r.percentile(k.name+", p95", took, 0.95)
		r.atMost(500)
		whole, requests, err := l.whole(ctx, k.LogQuery)
		if err != nil {
			return err
		}
		r.add(fmt.Sprintf("  a whole log of %d lines for it, in %d requests", l.sizes[0], requests), whole, "ms")
	}
	r.percentile("searches of all kinds, p95", every, 0.95)
	r.atMost(500)
	return nil
}

// timed are the times of single requests, in milliseconds.
func (l *library) timed(ctx context.Context, n int, next func() (string, preview.LogQuery)) ([]float64, error) {
	took := make([]float64, n)
	for i := range took {
		id, q := next()
		begin := time.Now()
		if _, err := l.SearchLogs(ctx, id, q); err != nil {
			return nil, err
		}
		took[i] = ms(time.Since(begin))
	}
	return took, nil
}

// whole searches the longest log to its end.
func (l *library) whole(ctx context.Context, q preview.LogQuery) (took float64, requests int, err error) {
	begin := time.Now()
	for q.From, q.Backward = 0, false; ; {
		page, err := l.SearchLogs(ctx, l.ids[0], q)
		if err != nil {
			return 0, 0, err
		}
		if requests++; page.Next == 0 {
			return ms(time.Since(begin)), requests, nil
		}
		q.From = page.Next
	}
}

func mustPattern(compile func(string) (*preview.Pattern, error)) func(string) *preview.Pattern {
	return func(text string) *preview.Pattern {
		p, err := compile(text)
		if err != nil {
			panic(err) // it is written above
		}
		return p
	}
}
