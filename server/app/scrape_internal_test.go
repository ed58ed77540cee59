package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/logs"
	"previewd/runtime/preview"
	"previewd/server/built"
	"previewd/server/metrics"
	"previewd/server/metrics/census"
	"previewd/storage"
	"previewd/storage/storagetest"
)

const scraped = 100 // previews that are active

// BenchmarkScrape is what a scrape of a previewd with a hundred active previews costs. The database is asked each time, which in
// earnest it is once a second at most.
func BenchmarkScrape(b *testing.B) {
	store, err := storage.Open(b.Context(), storagetest.URL(b), storage.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	if err := store.AddLogPartitions(b.Context()); err != nil {
		b.Fatal(err)
	}
	for i := range scraped {
		addRunning(b, store, i)
	}
	log, _ := logtest.NewNullLogger()
	entry, now := logrus.NewEntry(log), time.Now()
	counted := newCounts(built.Info{})
	counted.registry.MustRegister(store.Collector(), logs.New(logs.Options{Store: store, Log: entry}).Collector(), census.New(census.Options{
		Rows: store, PortMin: 20001, PortMax: 20000 + scraped, Log: entry, Now: func() time.Time { now = now.Add(2 * time.Second); return now },
	}))
	h := metrics.Handler(counted.registry, entry)
	size := 0
	for b.Loop() {
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		if answer.Code != http.StatusOK {
			b.Fatal(answer.Code, answer.Body)
		}
		size = answer.Body.Len()
	}
	b.ReportMetric(float64(size), "bytes/scrape")
}

// addRunning adds a preview that runs.
func addRunning(b *testing.B, store *storage.Store, i int) {
	b.Helper()
	id := fmt.Sprint("g", i)
	if _, err := store.PutGeneration(b.Context(), preview.Generation{ID: id, UserID: "u", ProjectID: "p"}, []byte("archive"), nil); err != nil {
		b.Fatal(err)
	}
	_, hash := preview.NewSessionToken()
	p, _, err := store.StartPreview(b.Context(), preview.Preview{
		ID: preview.NewID(), GenerationID: id, UserID: "u", ProjectID: "p", Status: preview.Starting, Phase: preview.Queued, Health: preview.HealthUnknown,
		SessionTokenHash: hash, TokenExpiry: time.Now().Add(time.Hour), CreatedAt: time.Now(), LastActiveAt: time.Now(), ExpiresAt: time.Now().Add(time.Hour), MemoryLimitMB: 512,
	}, preview.StartOptions{PortMin: 20001, PortMax: 20000 + scraped, Quotas: preview.Quotas{PreviewsPerUser: 2 * scraped}, LaunchedBy: "u"})
	if err == nil {
		err = store.BecomeRunning(b.Context(), p.ID, time.Now(), preview.Timings{})
	}
	if err != nil {
		b.Fatal(err)
	}
}
