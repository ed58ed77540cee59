package webhook

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage/storagetest"
)

// BenchmarkDeliver ends a hundred previews at once and waits until the receiver has heard of all of it.
func BenchmarkDeliver(b *testing.B) {
	s, changes := outbox(b, storagetest.URL(b)), make(chan preview.Preview, 1)
	var mu sync.Mutex
	arrived := map[string]time.Time{}
	r := receive(b, func(_ http.ResponseWriter, req *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		arrived[req.Header.Get("webhook-id")] = time.Now()
	})
	run(b, Options{Store: s, Sender: sender(b, r.URL), Changes: changes, Every: time.Second})
	heard, events, begin := 0, 0, time.Now()
	for b.Loop() {
		lives(b, s, 100)
		changes <- preview.Preview{}
		for {
			list, _, err := s.WebhookEvents(context.Background(), preview.DeliveryPending, "", 1)
			check(b, err)
			if len(list) == 0 {
				break
			}
		}
	}
	took := time.Since(begin)
	all, _ := stored(b, s)
	var late []time.Duration
	for id, e := range all {
		late = append(late, arrived[id].Sub(e.OccurredAt))
	}
	slices.Sort(late)
	heard, events = len(arrived), len(all)
	if heard != events {
		b.Fatalf("heard of %d of %d events", heard, events)
	}
	b.ReportMetric(float64(events)/took.Seconds(), "events/s")
	b.ReportMetric(float64(late[len(late)/2].Milliseconds()), "median-ms")
	b.ReportMetric(float64(late[len(late)*99/100].Milliseconds()), "p99-ms")
}
