//go:build compose

package composetest

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// engineLine is the way from previewd to the engine, which can be cut: the engine itself is not the test's to stop.
type engineLine struct {
	path string
	to   string

	mu    sync.Mutex
	isCut bool
	open  map[net.Conn]bool
}

func newEngineLine(t *testing.T) *engineLine {
	t.Helper()
	dir, err := os.MkdirTemp("", "line-") // short: a socket's path has its limit
	if err != nil {
		t.Fatal(err)
	}
	e := &engineLine{path: filepath.Join(dir, "docker.sock"), to: "/var/run/docker.sock", open: map[net.Conn]bool{}}
	l, err := net.Listen("unix", e.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close(); _ = os.RemoveAll(dir) })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go e.carry(conn)
		}
	}()
	return e
}

// cut ends all connections and takes none on, or takes them on again.
func (e *engineLine) cut(is bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.isCut = is
	if is {
		for conn := range e.open {
			_ = conn.Close()
		}
	}
}

func (e *engineLine) add(conns ...net.Conn) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, conn := range conns {
		if e.isCut {
			_ = conn.Close()
		}
		e.open[conn] = true
	}
	return !e.isCut
}

func (e *engineLine) carry(from net.Conn) {
	engine, err := net.Dial("unix", e.to)
	if err != nil {
		_ = from.Close()
		return
	}
	defer func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		for _, conn := range []net.Conn{from, engine} {
			_ = conn.Close()
			delete(e.open, conn)
		}
	}()
	if !e.add(from, engine) {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { forward(engine, from) })
	both.Go(func() { forward(from, engine) })
	both.Wait()
}

// forward also passes on that one side has nothing more to say: an attached stdin ends so.
func forward(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.(*net.UnixConn).CloseWrite()
}
