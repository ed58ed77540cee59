package fake

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"sync"

	"previewd/runtime/preview"
)

// port holds a published port for an instance's run, whether or not its program listens yet.
type port struct {
	host net.Listener

	mu     sync.Mutex
	app    *appListener // nil while the program does not listen
	closed bool
}

// openPort publishes a port on the loopback address; 0 publishes none.
func openPort(ctx context.Context, number int) (*port, error) {
	if number == 0 {
		return nil, nil
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(number)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", preview.ErrPortTaken, err)
	}
	p := &port{host: l}
	go p.accept()
	return p, nil
}

func (p *port) accept() {
	for {
		conn, err := p.host.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		app := p.app
		p.mu.Unlock()
		if app == nil || !app.hand(conn) {
			_ = conn.Close()
		}
	}
}

func (p *port) listen() (net.Listener, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, net.ErrClosed
	}
	if p.app != nil && !p.app.isClosed() {
		return nil, fmt.Errorf("fake: port %s: address already in use", p.host.Addr())
	}
	p.app = &appListener{addr: p.host.Addr(), conns: make(chan net.Conn), done: make(chan struct{})}
	return p.app, nil
}

func (p *port) close() {
	if p == nil {
		return
	}
	_ = p.host.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	if p.app != nil {
		_ = p.app.Close()
	}
}

// appListener is the program's side of a port.
type appListener struct {
	addr  net.Addr
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

// Accept returns the next connection that the port let in.
func (l *appListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Close ends Accept.
func (l *appListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

// Addr is the published address.
func (l *appListener) Addr() net.Addr { return l.addr }

func (l *appListener) hand(c net.Conn) bool {
	select {
	case l.conns <- c:
		return true
	case <-l.done:
		return false
	}
}

func (l *appListener) isClosed() bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}
