package upstream

import (
	"context"
	"net"
	"time"
)

// patient is a connection whose other end has to go on taking what is sent. An app that takes nothing of a body would hold its sender up
// for as long as it lives: a server sees that its client has left only once it has read the whole request.
type patient struct {
	net.Conn
	within time.Duration
}

func (c patient) Write(p []byte) (int, error) {
	_ = c.SetWriteDeadline(time.Now().Add(c.within)) // where it fails, so does the write
	return c.Conn.Write(p)
}

// dialPatiently is for connections that bodies go by.
func (p *Pool) dialPatiently(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := p.dial(ctx, network, address)
	if err != nil || p.Patience == 0 {
		return conn, err
	}
	return patient{conn, p.Patience}, nil
}
