package upstream

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// lanes are idle connections by host, which is a preview's id and port. How many are in use the caller bounds.
type lanes struct {
	dial     func(ctx context.Context, network, address string) (net.Conn, error)
	patience time.Duration

	mu   sync.Mutex
	idle map[string][]*lane
}

func newLanes(dial func(ctx context.Context, network, address string) (net.Conn, error), patience time.Duration) *lanes {
	return &lanes{dial: dial, patience: patience, idle: map[string][]*lane{}}
}

// roundTrip tries kept connections, which may have been closed meanwhile, and then a new one.
func (l *lanes) roundTrip(req *http.Request) (*http.Response, error) {
	for {
		c, err := l.get(req)
		if err != nil {
			return nil, err
		}
		resp, err := l.ask(c, req)
		if err == nil {
			return resp, nil
		}
		_ = c.Close() // it is of no more use
		if !errors.Is(err, errStale) || req.Context().Err() != nil {
			return nil, err
		}
	}
}

// get takes the lane that was used last, so that those too many grow old.
func (l *lanes) get(req *http.Request) (*lane, error) {
	host := req.URL.Host
	if c := l.take(host); c != nil {
		return c, nil
	}
	conn, err := l.dial(req.Context(), "tcp", host)
	if err != nil {
		return nil, err
	}
	return newLane(conn, host), nil
}

func (l *lanes) take(host string) *lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	kept := l.idle[host]
	if len(kept) == 0 {
		return nil
	}
	c := kept[len(kept)-1]
	l.keep(host, kept[:len(kept)-1])
	c.timer.Stop() // one that has fired finds the lane gone
	return c
}

func (l *lanes) put(c *lane) {
	c.used = true
	l.mu.Lock()
	defer l.mu.Unlock()
	l.idle[c.host] = append(l.idle[c.host], c)
	if c.timer == nil {
		c.timer = time.AfterFunc(idleTime, func() { l.expire(c) })
		return
	}
	c.timer.Reset(idleTime)
}

// expire closes a lane that is idle still.
func (l *lanes) expire(c *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	kept := l.idle[c.host]
	if at := slices.Index(kept, c); at >= 0 {
		l.keep(c.host, slices.Delete(kept, at, at+1))
		_ = c.Close() // nobody waits for it
	}
}

func (l *lanes) keep(host string, kept []*lane) {
	if len(kept) == 0 {
		delete(l.idle, host)
		return
	}
	l.idle[host] = kept
}
