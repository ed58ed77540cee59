package gateway_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/preview"
	"previewd/runtime/tracing"
	"previewd/runtime/tracing/tracingtest"
	"previewd/runtime/upstream"
	"previewd/server/gateway"
	"previewd/server/problem"
	"previewd/server/routes"
)

// BenchmarkTinyAnswers is what the gateway costs between a client and an app that cost next to nothing.
func BenchmarkTinyAnswers(b *testing.B) { tinyAnswers(b, nil) }

// BenchmarkTracedAnswers is the same with a span for each of them.
func BenchmarkTracedAnswers(b *testing.B) {
	log, _ := logtest.NewNullLogger()
	traces, err := tracing.New(b.Context(), tracing.Options{Settings: tracingtest.New(b).Settings(), Log: logrus.NewEntry(log)})
	if err != nil {
		b.Fatal(err)
	}
	defer traces.Close(context.Background())
	tinyAnswers(b, traces)
}

func tinyAnswers(b *testing.B, traces *tracing.Tracer) {
	b.Helper()
	log, _ := logtest.NewNullLogger()
	entry := logrus.NewEntry(log)
	app, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer app.Close()
	go answerAll(app)
	p := preview.Preview{
		ID: "id", Host: one, Status: preview.Running, Port: app.Addr().(*net.TCPAddr).Port, //nolint:forcetypeassert // of "tcp"
		SessionTokenHash: preview.HashSessionToken(token), TokenExpiry: time.Now().Add(time.Hour),
	}
	r := &rows{byHost: map[string]preview.Preview{one: p}, touched: map[string]int{}}
	pool := upstream.New(upstream.Options{Host: "127.0.0.1", Rows: r, Lanes: true})
	defer pool.Close()
	o := gateway.Options{
		Base: gateway.Base{Scheme: "http", Domain: "preview.localhost"}, Secret: secret, Rows: r, Uses: r, Apps: pool,
		Problems: &problem.Renderer{Log: entry}, Log: entry, Traces: traces,
	}
	server, _ := routes.NewServer(context.Background(), gateway.New(o).Before(nil), entry)
	front := httptest.NewUnstartedServer(nil)
	front.Config = server
	front.Start()
	defer front.Close()
	request := fmt.Sprintf("GET / HTTP/1.1\r\nHost: %s.preview.localhost\r\nX-Preview-Token: %s\r\nAccept: */*\r\nUser-Agent: bench\r\nAccept-Encoding: gzip\r\n\r\n", one, token)
	b.ReportAllocs()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		conn, err := net.Dial("tcp", front.Listener.Addr().String())
		if err != nil {
			b.Error(err)
			return
		}
		defer conn.Close()
		for in := bufio.NewReader(conn); pb.Next(); {
			_, _ = io.WriteString(conn, request)
			line, err := in.ReadString('\n')
			if err != nil || !strings.HasPrefix(line, "HTTP/1.1 200") {
				b.Error(line, err)
				return
			}
			for line != "\r\n" && err == nil {
				line, err = in.ReadString('\n')
			}
			_, _ = in.Discard(len("ok"))
		}
	})
}

// answerAll is the cheapest app there is.
func answerAll(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			for in := bufio.NewReader(conn); ; {
				line, err := in.ReadSlice('\n')
				if err != nil {
					return
				}
				if len(line) == len("\r\n") {
					_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: Tue, 24 Nov 2026 22:00:00 GMT\r\nConnection: keep-alive\r\n\r\nok")
				}
			}
		}()
	}
}
