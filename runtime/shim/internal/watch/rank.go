package watch

import (
	"cmp"
	"slices"
	"time"

	"previewd/runtime/shim/internal/listen"
)

// verdict is what a socket said to an HTTP request.
type verdict uint8

const (
	unasked  verdict = iota
	page             // HTML, status below 400
	good             // another answer below 400
	answered         // any other HTTP answer
	silent           // nothing in time: it may be compiling its first page
	foreign          // something that is not HTTP
)

// class says how sure it is that a socket is the one to lead to; lower is surer.
type class uint8

const (
	classAppPort class = iota // where the project says it listens
	classPort                 // on the published port itself
	classPage
	classGood
	classHTTP
	classUnknown
	classTool // a debugger, a database, a hot-reload socket, or not HTTP at all
)

// rank judges sockets for one container.
type rank struct{ port, appPort int }

func (r rank) class(s listen.Socket, v verdict) class {
	switch port := s.Port(); {
	case port == r.appPort:
		return classAppPort
	case port == r.port:
		return classPort
	case v == foreign || slices.Contains(toolPorts[:], port):
		return classTool
	}
	switch v {
	case page:
		return classPage
	case good:
		return classGood
	case answered:
		return classHTTP
	case unasked, silent, foreign:
	}
	return classUnknown
}

// compare orders two sockets, the better one first.
func (r rank) compare(a, b listen.Socket, va, vb verdict) int {
	return cmp.Or(
		cmp.Compare(r.class(a, va), r.class(b, vb)),
		cmp.Compare(usual(a.Port()), usual(b.Port())),
		cmp.Compare(a.Port()/firstEphemeral, b.Port()/firstEphemeral),
		cmp.Compare(a.Port(), b.Port()),
		a.Addr.Compare(b.Addr), // of one port the IPv4 socket
	)
}

// firstEphemeral is where Linux begins to hand out ports to programs that asked for any.
const firstEphemeral = 32768

// webPorts are the defaults of web frameworks, the more common first.
var webPorts = [...]int{3000, 8000, 8080, 5173, 5000, 4200, 4321, 4173, 8888, 1313, 4000, 3001, 5001, 8001, 8081, 9000, 80}

// toolPorts belong to what runs beside an app: debuggers, hot-reload sockets, databases, brokers.
var toolPorts = [...]int{9229, 9230, 5678, 24678, 35729, 2345, 5432, 3306, 6379, 27017, 11211, 5672, 9092, 4369}

// usual is a port's place among the web ports.
func usual(port int) int {
	if at := slices.Index(webPorts[:], port); at >= 0 {
		return at
	}
	return len(webPorts)
}

// settle is how long the sockets must not have changed, and whether the app must have come to rest, before the shim
// takes the published port. It may not be too early: an app that comes to bind that port itself would find it taken.
func settle(c class, port int) (still time.Duration, rest bool) {
	switch {
	case c <= classPort:
		return 50 * time.Millisecond, false
	case c <= classHTTP:
		return 100 * time.Millisecond, true
	case c == classUnknown && usual(port) < len(webPorts):
		return 250 * time.Millisecond, true
	case c == classUnknown:
		return time.Second, true
	}
	return 3 * time.Second, true
}
