package app_test

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// balancer passes each connection to the first of its previewd that takes it.
type balancer struct {
	api string

	mu   sync.Mutex
	apis []string
}

func newBalancer(t testing.TB) *balancer {
	t.Helper()
	l := listen(t, "127.0.0.1:0")
	b := &balancer{api: "http://" + l.Addr().String()}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go b.pass(conn)
		}
	}()
	return b
}

func (b *balancer) set(to ...*process) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.apis = nil
	for _, p := range to {
		b.apis = append(b.apis, p.api[len("http://"):])
	}
}

func (b *balancer) pass(near net.Conn) {
	defer near.Close()
	b.mu.Lock()
	apis := b.apis
	b.mu.Unlock()
	for _, addr := range apis {
		if far, err := net.Dial("tcp", addr); err == nil {
			defer far.Close()
			go func() { _, _ = io.Copy(far, near); _ = far.Close() }()
			_, _ = io.Copy(near, far)
			return
		}
	}
}

// TestRollingRestart restarts both of two previewd behind a balancer while an app writes, is asked, and is read by readers who come
// back: they get every line once, and of the requests none fails but one that was on its way.
func TestRollingRestart(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, theEngine(t))
	environ := i.settings(10, "PREVIEW_ON_SHUTDOWN=keep")
	a, b := replica(t, environ), replica(t, environ)
	front := newBalancer(t)
	front.set(a, b)
	p := a.uploadFiles(t, counter)
	before := p.running()
	p = p.on(&service{t: t, api: front.api})
	answers := watchPort(t, before.BaseURL)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	readers := make([]reader, 3)
	var all sync.WaitGroup
	for n := range readers {
		all.Go(func() {
			for ctx.Err() == nil {
				_ = p.Stream(ctx, p.id, "", readers[n].last(), readers[n].add) // it breaks with the process, and they come back
				<-time.After(20 * time.Millisecond)
			}
		})
	}
	failed := 0
	all.Go(func() {
		for ctx.Err() == nil {
			if _, err := p.Status(ctx, p.id); err != nil && ctx.Err() == nil {
				failed++
			}
		}
	})
	readers[0].readsOn(t)
	a.term()
	for n := range readers {
		readers[n].readsOn(t)
	}
	a = replica(t, environ)
	front.set(a, b)
	b.term()
	for n := range readers {
		readers[n].readsOn(t)
	}
	answers()
	if s := p.until("running", func(s client.Status) bool { return s.Status == preview.Running }); s.ID != before.ID {
		t.Error("it is another preview")
	}
	cancel()
	all.Wait()
	if failed > 2 { // one on its way at each restart
		t.Errorf("%d requests failed", failed)
	}
	p.on(a.service).stop()
	lines := p.on(a.service).lines()
	checkCounted(t, lines)
	for n := range readers {
		got := readers[n].lines
		readers[n].hasExactly(t, lines[:len(got)])
	}
	a.term()
}
