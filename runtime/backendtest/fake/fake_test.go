package fake_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"previewd/runtime/backendtest"
	"previewd/runtime/backendtest/fake"
	"previewd/runtime/preview"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var _ backendtest.Backend = (*fake.Backend)(nil)

func TestContract(t *testing.T) {
	backendtest.Run(t, backendtest.Target{
		Image: "base:1",
		New: func(t *testing.T) backendtest.Backend {
			t.Helper()
			b := fake.New(fake.Options{
				Programs: map[string]fake.Program{"perl": program},
				Images:   map[string]preview.ImageConfig{"base:1": {User: "root", Command: []string{"/bin/sh"}}},
			})
			t.Cleanup(func() {
				if err := b.Close(); err != nil {
					t.Error(err)
				}
			})
			return b
		},
	})
}

// program is backendtest.Program in Go.
func program(ctx context.Context, p *fake.Process) int {
	arg := strings.Join(p.Args[min(3, len(p.Args)):], " ")
	n, _ := strconv.Atoi(arg) // only some programs take a number
	switch p.Args[2] {
	case "exit":
		return n
	case "print":
		fmt.Fprintln(p.Stdout, "one")
		fmt.Fprintln(p.Stderr, "two")
		fmt.Fprint(p.Stdout, "three\nopen end")
	case "count":
		for i := range n {
			fmt.Fprintln(p.Stdout, "line", i+1)
		}
	case "long":
		fmt.Fprintln(p.Stdout, strings.Repeat("x", 40_000)+"\nend")
	case "env":
		value, ok := p.Env[arg]
		if !ok {
			value = "unset"
		}
		fmt.Fprintf(p.Stdout, "%s=%s\n", arg, value)
	case "cat":
		_, _ = bytes.NewReader(p.Files[arg]).WriteTo(p.Stdout)
	case "hog":
		p.OutOfMemory()
		return 137
	default:
		return longRunning(ctx, p, n)
	}
	return 0
}

func longRunning(ctx context.Context, p *fake.Process, n int) int {
	switch p.Args[2] {
	case "stubborn":
		fmt.Fprintln(p.Stdout, "ready")
		<-p.Killed()
		return 1
	case "busy":
		p.SetStats(preview.Stats{CPUPercent: 100, CPUSeconds: 1})
	case "fill":
		p.SetDisk(int64(n) * 1_000_000)
	case "hogchild":
		p.OutOfMemory()
	case "serve":
		if err := p.Serve(http.HandlerFunc(hello)); err != nil {
			fmt.Fprintln(p.Stderr, err)
			return 1
		}
	}
	fmt.Fprintln(p.Stdout, "ready")
	<-ctx.Done()
	fmt.Fprintln(p.Stdout, "bye")
	return 0
}

func hello(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Connection", "close")
	fmt.Fprint(w, "hello")
}
