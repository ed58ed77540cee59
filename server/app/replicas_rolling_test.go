package app_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// balanced is nginx with deploy/nginx/replicas.conf before several previewd. It tells which one answered.
type balanced struct {
	*nginx
	*http.Transport
	answered atomic.Value // address of who answered last
}

func balance(t testing.TB, addr string, replicas ...string) *balanced {
	t.Helper()
	upstream, err := os.ReadFile("../../deploy/nginx/replicas.conf")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("10.0.0.11:8080", replicas[0], "10.0.0.12:8080", replicas[1]).Replace(string(upstream))
	single := "upstream previewd {\n    server " + replicas[0] + ";\n    keepalive 64;\n}\n"
	n := startNginx(t, addr, replicas[0], single, text, "proxy_redirect   off;", "proxy_redirect off; add_header X-Answered $upstream_addr always;")
	return &balanced{nginx: n, Transport: n.transport()}
}

func (b *balanced) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.Transport.RoundTrip(r)
	if err == nil {
		b.answered.Store(resp.Header.Get("X-Answered"))
	}
	return resp, err
}

// uses waits until nginx gives requests to a replica, as an operator does before the next one is restarted.
func (b *balanced) uses(replica string) {
	b.t.Helper()
	if !eventually(patience, func() bool { return b.answered.Load() == replica }) {
		b.t.Fatalf("nginx does not use %s\n%s", replica, b.said)
	}
}

// TestRollingRestart restarts both of two previewd behind nginx while an app writes, is asked, is visited, and is read by readers who
// come back: they get every line once, and of the requests none fails but one that was on its way.
func TestRollingRestart(t *testing.T) {
	t.Parallel()
	addr, addrA, addrB := freeAddr(t), freeAddr(t), freeAddr(t)
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	i := newInstallation(t, theEngine(t))
	environ := i.settings(10, "PREVIEW_ON_SHUTDOWN=keep", "PREVIEW_BASE_DOMAIN="+behindNginx, "PREVIEW_BASE_SCHEME=https", "PREVIEW_BASE_PORT="+port)
	at := func(addr string) *process {
		return replica(t, append(environ[:len(environ):len(environ)], "PREVIEW_LISTEN_ADDR="+addr))
	}
	a, b := at(addrA), at(addrB)
	front := balance(t, addr, addrA, addrB)
	p := a.uploadFiles(t, counter)
	launched := p.launch()
	before := p.settled()
	outside := &service{t: t, api: "https://" + net.JoinHostPort(behindNginx, port)}
	p = &project{Client: outside.plainly(t, "tester").Through(front), t: t, id: p.id}
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
	asked := asking(ctx, &all, func() error { _, err := p.Status(ctx, p.id); return err })
	visited := asking(ctx, &all, func() error { return front.visits(ctx, launched) })
	readers[0].readsOn(t)
	a.term()
	for n := range readers {
		readers[n].readsOn(t)
	}
	a = at(addrA)
	front.uses(addrA)
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
	for what, failed := range map[string]*tries{"statuses": asked, "visits": visited} {
		t.Logf("of %d %s failed %d: %v", failed.of, what, len(failed.with), failed.with)
		if failed.of == 0 || len(failed.with) > 2 { // one on its way at each restart
			t.Errorf("of %d %s failed %d: %v", failed.of, what, len(failed.with), failed.with)
		}
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

// tries are many requests, and the errors of those that failed.
type tries struct {
	of   int
	with []error
}

// asking asks again and again until ctx ends, with which all are through.
func asking(ctx context.Context, all *sync.WaitGroup, ask func() error) *tries {
	f := &tries{}
	all.Go(func() {
		for ctx.Err() == nil {
			err := ask()
			f.of++
			if err != nil && ctx.Err() == nil {
				f.with = append(f.with, err)
			}
		}
	})
	return f
}

// visits asks the app itself, by the gateway.
func (b *balanced) visits(ctx context.Context, l client.Launched) error {
	origin, _, _ := strings.Cut(l.PreviewURL, "?")
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, origin, nil)
	if err != nil {
		return err
	}
	resp, err := (withToken{b, l.SessionToken}).RoundTrip(r)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s from %s: %s", resp.Status, resp.Header.Get("X-Answered"), body)
	}
	return err
}
