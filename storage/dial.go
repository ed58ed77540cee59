package storage

import (
	"context"
	"net"
	"time"
)

// deadAfter is how long the database's host may confirm nothing of what was sent before the connection counts as lost. Without
// a bound a query waits for a quarter of an hour when the network swallows it.
const deadAfter = 5 * time.Second

// dialer makes connections that end when the other side is gone without a word.
type dialer struct{}

func (dialer) net() *net.Dialer {
	return &net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 2 * time.Second, Count: 3},
		Control:         boundSilence,
	}
}

// Dial is part of pq.Dialer.
func (d dialer) Dial(network, address string) (net.Conn, error) {
	return d.net().Dial(network, address)
}

// DialTimeout is part of pq.Dialer.
func (d dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	n := d.net()
	n.Timeout = timeout
	return n.Dial(network, address)
}

// DialContext is what the driver uses where it is there.
func (d dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return d.net().DialContext(ctx, network, address)
}
