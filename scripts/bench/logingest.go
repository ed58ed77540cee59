package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/logs"
	"previewd/runtime/preview"
)

// logIngestBench stores what many previews write at once, and the same rows by psql.
func logIngestBench(fs *flag.FlagSet) bench {
	previews := fs.Int("log-ingest-previews", 20, "previews that write at once")
	lines := fs.Int("log-ingest-lines", 50_000, "lines that each writes")
	pairs := fs.Int("log-ingest-pairs", 5, "alternating pairs of pumps and psql")
	return bench{"log-ingest", "lines of many previews from pump to database, and \\copy of the same rows by psql", func(ctx context.Context, _ *bed, r *report) error {
		return onLogBed(ctx, func(b *logBed) error { return b.measureIngest(ctx, r, *previews, *lines, *pairs) })
	}}
}

func (b *logBed) measureIngest(ctx context.Context, r *report, previews, lines, pairs int) error {
	ids, err := b.previews(ctx, previews, time.Now())
	if err != nil {
		return err
	}
	file, total := filepath.Join(b.dir, "rows"), previews*lines
	if _, err := b.ingest(ctx, ids, lines); err != nil { // warms up, and makes the rows
		return err
	}
	if _, err := b.psql(ctx, `\copy (select * from preview_logs) to '`+file+`'`); err != nil {
		return err
	}
	var ours, hand, ratios []float64
	for i := range pairs {
		var mine, theirs float64
		steps := []func() error{
			func() (err error) { mine, err = b.ingest(ctx, ids, lines); return err },
			func() (err error) { theirs, err = b.copyIn(ctx, file, total); return err },
		}
		for j := range steps {
			if err := steps[(i+j)%2](); err != nil {
				return err
			}
		}
		progress("%d/%d: previewd %.0f lines/s, psql %.0f lines/s", i+1, pairs, mine, theirs)
		ours, hand, ratios = append(ours, mine), append(hand, theirs), append(ratios, mine/theirs)
	}
	r.series(fmt.Sprintf("lines of %d previews stored, none lost", previews), ours, "/s")
	r.atLeast(50_000)
	r.series("the same rows by psql \\copy", hand, "/s")
	r.series("previewd by psql", ratios, "")
	r.atLeast(0.5)
	return nil
}

// emptied has the table empty and what was written before on disk.
func (b *logBed) emptied(ctx context.Context) error {
	_, err := b.psql(ctx, "truncate preview_logs", "checkpoint")
	return err
}

// stored checks the number of lines, and returns how many a second they were.
func (b *logBed) stored(ctx context.Context, want int, took time.Duration) (float64, error) {
	count, err := b.psql(ctx, "select count(*) from preview_logs")
	if err != nil {
		return 0, err
	}
	if count != strconv.Itoa(want) {
		return 0, fmt.Errorf("%s lines are stored, want %d", count, want)
	}
	return float64(want) / took.Seconds(), nil
}

func (b *logBed) copyIn(ctx context.Context, file string, rows int) (float64, error) {
	if err := b.emptied(ctx); err != nil {
		return 0, err
	}
	begin := time.Now()
	if _, err := b.psql(ctx, `\copy preview_logs from '`+file+`'`); err != nil {
		return 0, err
	}
	return b.stored(ctx, rows, time.Since(begin))
}

// ingest runs a pump for each preview until the last line of the last one is stored.
func (b *logBed) ingest(ctx context.Context, ids []string, lines int) (float64, error) {
	if err := b.emptied(ctx); err != nil {
		return 0, err
	}
	log := logrus.New()
	log.SetLevel(logrus.WarnLevel)
	l := logs.New(logs.Options{Store: b, Log: logrus.NewEntry(log)})
	writing, stop := context.WithCancel(ctx)
	written := make(chan error, 1)
	go func() { written <- l.Run(writing) }()

	messages, failed := appMessages(10_000), make(chan error, len(ids))
	var pumps sync.WaitGroup
	begin := time.Now()
	for i, id := range ids {
		pumps.Go(func() { failed <- pumpAll(ctx, l, id, &writer{messages: messages, at: i, left: lines, now: begin}) })
	}
	pumps.Wait()
	took := time.Since(begin)
	stop()
	err := <-written
	for range ids {
		err = errors.Join(err, <-failed)
	}
	if err != nil {
		return 0, err
	}
	return b.stored(ctx, lines*len(ids), took)
}

func pumpAll(ctx context.Context, l *logs.Logs, id string, w *writer) error {
	journal, err := l.Open(ctx, id, nil)
	if err != nil {
		return err
	}
	return errors.Join(journal.Pump(ctx, w, "instance", nil), journal.Close(ctx))
}

// writer is an app that writes as fast as it is read. By its clock that is 4,000 lines a second, which is no flood.
type writer struct {
	messages []string
	at, left int
	now      time.Time
}

func (w *writer) Next() (preview.LogEntry, error) {
	if w.left == 0 {
		return preview.LogEntry{}, io.EOF
	}
	w.left--
	w.at++
	w.now = w.now.Add(250 * time.Microsecond)
	return preview.LogEntry{Stream: preview.Stdout, Timestamp: w.now, Text: []byte(w.messages[w.at%len(w.messages)])}, nil
}

func (w *writer) Close() error { return nil }
