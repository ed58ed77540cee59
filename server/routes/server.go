package routes

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/sirupsen/logrus"
)

// Bounds of every connection. Bodies and answers have no bound here, for streams last: each route sets its own.
const (
	readHeaderTimeout = 10 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
)

// NewServer returns a server for the handler. Its requests' contexts end with ctx. The writer carries what the
// server itself has to say, line by line; the caller closes it after the server.
func NewServer(ctx context.Context, h http.Handler, logEntry *logrus.Entry) (*http.Server, io.Closer) {
	lines := logEntry.WriterLevel(logrus.DebugLevel)
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: readHeaderTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          log.New(lines, "", 0),

		DisableGeneralOptionsHandler: true, // OPTIONS * is answered as every path that leads nowhere
		BaseContext:                  func(net.Listener) context.Context { return ctx },
	}, lines
}
