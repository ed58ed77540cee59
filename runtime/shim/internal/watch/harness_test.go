package watch

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"previewd/runtime/shim/internal/nstest"
	"previewd/runtime/shim/internal/wire"
)

const port = 4001 // the published one

// rig is a Watcher at work, with this test program as the app.
type rig struct {
	t  *testing.T
	w  *Watcher
	mu sync.Mutex
	rs []wire.Report
}

func start(t *testing.T, c wire.Config) *rig {
	t.Helper()
	c.Port = port
	r := &rig{t: t}
	r.w = New(Options{Config: c, MaxConns: 64, Report: func(rep wire.Report) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.rs = append(r.rs, rep)
	}})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); r.w.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	return r
}

func (r *rig) reports(kind wire.ReportKind) []wire.Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(r.rs), func(rep wire.Report) bool { return rep.Kind != kind })
}

// last waits until the newest report of a kind is as wanted.
func (r *rig) last(kind wire.ReportKind, what string, ok func(wire.Report) bool) wire.Report {
	r.t.Helper()
	var rep wire.Report
	nstest.Eventually(r.t, what, func() bool {
		all := r.reports(kind)
		if len(all) == 0 {
			return false
		}
		rep = all[len(all)-1]
		return ok(rep)
	})
	return rep
}

// leads waits until the published port leads to an address.
func (r *rig) leads(address string, forwarded bool) {
	r.t.Helper()
	r.last(wire.ReportListening, "leads to "+address, func(rep wire.Report) bool {
		return rep.Address == address && rep.Forwarded == forwarded
	})
}

// answers waits until a request from outside is answered by the app on addr.
func (r *rig) answers(want string) {
	r.t.Helper()
	var last string
	defer func() {
		if r.t.Failed() {
			r.t.Log("last answer: ", last)
		}
	}()
	nstest.Eventually(r.t, "an answer from "+want, func() bool {
		last = get()
		return last == "hello from "+want
	})
}

// get asks the published port as somebody outside would.
func get() string {
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(fmt.Sprintf("http://%s:%d/", nstest.Addr, port))
	if err != nil {
		return err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	body, _ := io.ReadAll(resp.Body)
	return string(body)
}

// server is an app's socket.
type server struct {
	http.Server
	mu     sync.Mutex
	asked  []string // user agents
	status int
}

func serve(t *testing.T, network, addr string) *server {
	t.Helper()
	return serveAs(t, network, addr, "text/html")
}

func serveAs(t *testing.T, network, addr, contentType string) *server {
	t.Helper()
	ln, err := (&net.ListenConfig{}).Listen(context.Background(), network, addr)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{status: 200}
	s.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.UserAgent())
		status := s.status
		s.mu.Unlock()
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "hello from "+addr)
	})
	go func() { _ = s.Serve(ln) }()
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func (s *server) setStatus(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status = status
}

// requests counts requests of the shim itself.
func (s *server) ownRequests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, agent := range s.asked {
		if agent == "previewd-health" {
			n++
		}
	}
	return n
}

// raw is a socket that does not speak HTTP.
func raw(t *testing.T, addr string) net.Listener {
	t.Helper()
	ln, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, "220 not http\r\n")
			_ = conn.Close()
		}
	}()
	return ln
}
