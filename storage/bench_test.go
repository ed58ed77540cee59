package storage_test

import (
	"context"
	"fmt"
	"testing"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/embedded"
)

// durable opens a Store on a server that writes to disk, unlike storagetest's.
func durable(b *testing.B) *storage.Store {
	b.Helper()
	server, err := embedded.Start(b.Context(), embedded.Options{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = server.Stop(context.Background()) })
	s, err := storage.Open(b.Context(), server.URL(), storage.Options{})
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

func launchOne(b *testing.B, s *storage.Store) preview.Preview {
	b.Helper()
	p, _, err := s.StartPreview(b.Context(), row("g", "u"), ports)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

func BenchmarkStartAndFinish(b *testing.B) {
	s := durable(b)
	for b.Loop() {
		p := launchOne(b, s)
		if err := s.Finish(b.Context(), p.ID, preview.Failed, because(preview.AppExited), nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSetPhase(b *testing.B) {
	s := durable(b)
	p := launchOne(b, s)
	for b.Loop() {
		if err := s.SetPhase(b.Context(), p.ID, preview.Booting); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGenerationArchive(b *testing.B) {
	s := durable(b)
	for b.Loop() {
		if _, err := s.GenerationArchive(b.Context(), "g"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendLogs(b *testing.B) {
	for _, size := range []int{1, 100, 5000} {
		b.Run(fmt.Sprint(size, " lines"), func(b *testing.B) {
			s := durable(b)
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
