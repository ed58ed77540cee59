package app_test

import (
	"io"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
)

// cable is a way to the database that a test can pull: what is sent is swallowed then, and no connection ends.
type cable struct {
	url string

	mu   sync.Mutex
	free *sync.Cond
	cut  bool
}

// newCable leads to a database whose address is a socket's or a host's.
func newCable(t testing.TB, to string) *cable {
	t.Helper()
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	network, address := "tcp", target.Host
	query := target.Query()
	if dir := query.Get("host"); filepath.IsAbs(dir) {
		port := query.Get("port")
		if port == "" {
			port = "5432"
		}
		network, address = "unix", filepath.Join(dir, ".s.PGSQL."+port)
	}
	l := listen(t, "127.0.0.1:0")
	c := &cable{}
	c.free = sync.NewCond(&c.mu)
	query.Del("host")
	query.Del("port")
	query.Set("sslmode", "disable")
	target.Host, target.RawQuery = l.Addr().String(), query.Encode()
	c.url = target.String()
	go c.accept(l, network, address)
	t.Cleanup(c.plug)
	return c
}

func (c *cable) pull() { c.set(true) }
func (c *cable) plug() { c.set(false) }

func (c *cable) set(cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = cut
	c.free.Broadcast()
}

// Write waits while the cable is pulled.
func (c *cable) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.cut {
		c.free.Wait()
	}
	return len(p), nil
}

func (c *cable) accept(l net.Listener, network, address string) {
	for {
		near, err := l.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial(network, address)
		if err != nil {
			_ = near.Close()
			continue
		}
		for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
			go func() {
				_, _ = io.Copy(io.MultiWriter(c, way[0]), way[1])
				_ = way[0].Close()
			}()
		}
	}
}
