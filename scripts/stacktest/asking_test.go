//go:build stack

package stacktest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// tries are many requests, and the errors of those that failed.
type tries struct {
	mu      sync.Mutex
	good    int
	failed  []error
	longest time.Duration
}

func (t *tries) add(took time.Duration, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.longest = max(t.longest, took)
	if err != nil {
		t.failed = append(t.failed, err)
		return
	}
	t.good++
}

func (t *tries) answered() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.good
}

// asking asks again and again until ctx ends, with which all are through.
func asking(ctx context.Context, all *sync.WaitGroup, ask func() error) *tries {
	t := &tries{}
	all.Go(func() {
		for ctx.Err() == nil {
			began := time.Now()
			if err := ask(); ctx.Err() == nil {
				t.add(time.Since(began), err)
			}
			<-time.After(10 * time.Millisecond)
		}
	})
	return t
}

// reader reads a preview's log, again where it broke off.
type reader struct {
	mu    sync.Mutex
	lines []preview.LogLine
	odd   error
}

func (r *reader) reads(ctx context.Context, c *client.Client, previewID string) {
	for ctx.Err() == nil {
		_ = c.Stream(ctx, "site", previewID, r.last(), r.add) // it breaks with the previewd that was killed
		<-time.After(20 * time.Millisecond)
	}
}

func (r *reader) last() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return int64(len(r.lines))
}

func (r *reader) add(l preview.LogLine) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, l)
	if l.Seq != int64(len(r.lines)) {
		r.odd = fmt.Errorf("line %d has the number %d", len(r.lines), l.Seq)
	}
}

// has tells what is missing of texts that have to come in this order, each line once.
func (r *reader) has(texts ...string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, l := range r.lines {
		if len(texts) > 0 && strings.Contains(l.Message, texts[0]) {
			texts = texts[1:]
		}
	}
	if len(texts) > 0 {
		return fmt.Errorf("the log has no %q", texts[0])
	}
	return r.odd
}
