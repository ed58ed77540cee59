package storage_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/embedded"
	"previewd/storage/storagetest"
)

// durable opens a Store with one generation.
func durable(b *testing.B, url string, o storage.Options) *storage.Store {
	b.Helper()
	s, err := storage.Open(b.Context(), url, o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	if err := s.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	_, err = s.PutGeneration(b.Context(), preview.Generation{ID: "g", UserID: "u", ProjectID: "p"}, make([]byte, 1<<20), nil)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// durableURL starts a server that writes to disk, unlike storagetest's.
func durableURL(b *testing.B) string {
	b.Helper()
	server, err := embedded.Start(b.Context(), embedded.Options{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = server.Stop(context.Background()) })
	return server.URL()
}

func launchOne(b *testing.B, s *storage.Store) preview.Preview {
	b.Helper()
	p, _, err := s.StartPreview(b.Context(), row("g", "u"), ports)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

func BenchmarkStartAndFinish(b *testing.B) {
	s := durable(b, durableURL(b), storage.Options{})
	for b.Loop() {
		p := launchOne(b, s)
		if _, err := s.Finish(b.Context(), p.ID, preview.Failed, because(preview.AppExited), nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAnnounce measures what the events of webhooks add to the changes that they tell of. Both kinds take turns,
// so that a busy disk slows both.
func BenchmarkAnnounce(b *testing.B) {
	url := durableURL(b)
	stores := map[string]*storage.Store{"without": durable(b, url, storage.Options{}), "with": durable(b, url, storage.Options{Webhooks: true})}
	took := map[string][]time.Duration{}
	for b.Loop() {
		for name, s := range stores {
			var p preview.Preview
			timed := func(step string, change func() error) {
				begin := time.Now()
				if err := change(); err != nil {
					b.Fatal(err)
				}
				took[name+"-"+step] = append(took[name+"-"+step], time.Since(begin))
			}
			timed("start", func() error { p = launchOne(b, s); return nil })
			timed("run", func() error { return s.BecomeRunning(b.Context(), p.ID, start0, nil) })
			timed("finish", func() error {
				return storagetest.Err(s.Finish(b.Context(), p.ID, preview.Failed, because(preview.AppExited), nil))
			})
		}
	}
	for name, list := range took {
		slices.Sort(list)
		b.ReportMetric(float64(list[len(list)/2].Microseconds()), name+"-median-µs")
	}
}

func BenchmarkSetPhase(b *testing.B) {
	s := durable(b, durableURL(b), storage.Options{})
	p := launchOne(b, s)
	for b.Loop() {
		if err := s.SetPhase(b.Context(), p.ID, preview.Booting); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGenerationArchive(b *testing.B) {
	s := durable(b, durableURL(b), storage.Options{})
	for b.Loop() {
		if _, err := s.GenerationArchive(b.Context(), "g"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendLogs(b *testing.B) {
	for _, size := range []int{1, 100, 5000} {
		b.Run(fmt.Sprint(size, " lines"), func(b *testing.B) {
			s := durable(b, durableURL(b), storage.Options{})
			p := launchOne(b, s)
			seq := int64(1)
			for b.Loop() {
				if err := s.AppendLogs(b.Context(), linesFrom(p.ID, seq, size)); err != nil {
					b.Fatal(err)
				}
				seq += int64(size)
			}
			b.ReportMetric(float64(seq)/b.Elapsed().Seconds(), "lines/s")
		})
	}
}
