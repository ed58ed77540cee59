package run

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"previewd/runtime/shim/internal/static"
	"previewd/runtime/shim/internal/supervise"
	"previewd/runtime/shim/internal/wire"
)

const (
	exitStatic      = 1
	closeTimeout    = time.Second
	defaultActivity = 10
)

// serve is the life of a static site: the shim itself is the server.
func (l *life) serve() supervise.Exit {
	server, err := static.Listen(net.JoinHostPort("", strconv.Itoa(l.config.Port)), l.config.StaticDir)
	if err != nil {
		return l.failed(err)
	}
	address := net.JoinHostPort("0.0.0.0", strconv.Itoa(l.config.Port))
	l.out.Report(wire.Report{Kind: wire.ReportStarted, PID: os.Getpid()})
	l.out.Report(wire.Report{Kind: wire.ReportListening, Address: address, Addresses: []string{address}})
	l.out.Report(wire.Report{Kind: wire.ReportHealth, Healthy: true})
	l.out.Say(fmt.Sprintf("serving %s on port %d", l.config.StaticDir, l.config.Port))

	ended := make(chan struct{})
	go func() {
		defer close(ended)
		err = server.Serve()
	}()
	stop := l.watchVisits(server)
	l.supervisor.WaitStop(ended)
	stop()
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	_ = server.Close(ctx)
	<-ended
	if err != nil {
		return l.failed(err)
	}
	return supervise.Exit{}
}

func (l *life) failed(err error) supervise.Exit {
	l.out.Complain(err)
	return supervise.Exit{Code: exitStatic}
}

// watchVisits reports activity until stop, which waits for it.
func (l *life) watchVisits(server *static.Server) (stop func()) {
	every := l.config.ActivitySeconds
	if every <= 0 {
		every = defaultActivity
	}
	quit, done := make(chan struct{}), make(chan struct{})
	tick := time.NewTicker(time.Duration(every) * time.Second)
	go func() {
		defer close(done)
		var last int64
		for {
			select {
			case <-quit:
				return
			case <-tick.C:
			}
			accepted, open := server.Accepted(), server.Open()
			if accepted > last || open > 0 {
				l.out.Report(wire.Report{Kind: wire.ReportActivity, Open: open})
			}
			last = accepted
		}
	}()
	return func() { tick.Stop(); close(quit); <-done }
}
