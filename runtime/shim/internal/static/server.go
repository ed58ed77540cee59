package static

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Bounds of what one client may hold.
const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 64 << 10
	maxConns      = 1024
)

// Server serves a folder over HTTP.
type Server struct {
	http     http.Server
	ln       net.Listener
	accepted atomic.Int64
	open     atomic.Int64
}

// Listen binds addr and returns a server of dir; Serve begins to answer.
func Listen(addr, dir string) (*Server, error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	s := &Server{ln: limited{Listener: ln, slots: make(chan struct{}, maxConns)}}
	s.http = http.Server{
		Handler: NewHandler(dir), ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, ConnState: s.count, ErrorLog: log.New(io.Discard, "", 0),
	}
	return s, nil
}

// Serve answers until Close.
func (s *Server) Serve() error {
	if err := s.http.Serve(s.ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Close lets open answers end until ctx does.
func (s *Server) Close(ctx context.Context) error {
	if err := s.http.Shutdown(ctx); err != nil {
		return s.http.Close()
	}
	return nil
}

// Addr is where the server listens.
func (s *Server) Addr() net.Addr { return s.ln.Addr() }

// Accepted counts the connections from outside the container since the start.
func (s *Server) Accepted() int64 { return s.accepted.Load() }

// Open counts those of them that are open.
func (s *Server) Open() int { return int(s.open.Load()) }

func (s *Server) count(conn net.Conn, state http.ConnState) {
	peer, ok := conn.RemoteAddr().(*net.TCPAddr)
	if !ok || peer.IP.IsLoopback() {
		return
	}
	switch state {
	case http.StateNew:
		s.accepted.Add(1)
		s.open.Add(1)
	case http.StateClosed, http.StateHijacked:
		s.open.Add(-1)
	case http.StateActive, http.StateIdle:
	}
}

// limited bounds the open connections: more wait in the kernel's queue.
type limited struct {
	net.Listener
	slots chan struct{}
}

func (l limited) Accept() (net.Conn, error) {
	l.slots <- struct{}{}
	conn, err := l.Listener.Accept()
	if err != nil {
		<-l.slots
		return nil, err
	}
	return &slotted{Conn: conn, free: sync.OnceFunc(func() { <-l.slots })}, nil
}

type slotted struct {
	net.Conn
	free func()
}

func (c *slotted) Close() error {
	c.free()
	return c.Conn.Close()
}
