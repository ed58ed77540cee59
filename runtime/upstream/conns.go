package upstream

import (
	"net"
	"sync"
)

// conns are the open connections by preview.
type conns struct {
	mu   sync.Mutex
	byID map[string]map[*conn]struct{}
}

// conn is a connection that is forgotten when it is closed.
type conn struct {
	net.Conn
	id   string
	open *conns
}

func (c *conn) Close() error {
	c.open.remove(c)
	return c.Conn.Close()
}

func (o *conns) add(id string, inner net.Conn) *conn {
	c := &conn{Conn: inner, id: id, open: o}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.byID[id] == nil {
		o.byID[id] = map[*conn]struct{}{}
	}
	o.byID[id][c] = struct{}{}
	return c
}

func (o *conns) remove(c *conn) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.byID[c.id], c)
	if len(o.byID[c.id]) == 0 {
		delete(o.byID, c.id)
	}
}

// closeAll closes the connections to a preview, or to all with id "".
func (o *conns) closeAll(id string) {
	for _, c := range o.of(id) {
		_ = c.Close() // nobody waits for it
	}
}

func (o *conns) of(id string) []*conn {
	o.mu.Lock()
	defer o.mu.Unlock()
	var list []*conn
	for owner, set := range o.byID {
		if id != "" && id != owner {
			continue
		}
		for c := range set {
			list = append(list, c)
		}
	}
	return list
}
