package swarm

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"previewd/runtime/backendtest"
	"previewd/runtime/docker"
	"previewd/runtime/shim"
	"previewd/runtime/swarm/swarmtest"
)

const testImage = "debian:trixie-slim"

// bed is the swarm of this package's tests, nil where there cannot be one; why says the reason.
var (
	bed *swarmtest.Bed
	why error
)

func TestMain(m *testing.M) { os.Exit(testMain(m)) }

func testMain(m *testing.M) int {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	bed, why = swarmtest.Up(ctx, 3, testImage)
	if bed != nil {
		defer func() {
			if err := bed.Down(context.Background()); err != nil {
				fmt.Fprintln(os.Stderr, "take the swarm down:", err)
			}
		}()
	}
	return m.Run()
}

// requireSwarm fails in CI and skips elsewhere when there is no swarm.
func requireSwarm(t *testing.T) {
	t.Helper()
	switch {
	case why == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("these tests need a swarm: %v", why)
	default:
		t.Skipf("no swarm: %v", why)
	}
}

// testBackend returns a backend on the swarm. Owner after owner would pile up networks and shims: tests that run one after
// the other share one.
func testBackend(t *testing.T, change func(*Options)) *Backend {
	t.Helper()
	requireSwarm(t)
	digest, err := shim.Digest()
	if err != nil {
		t.Fatal(err)
	}
	o := Options{TLSDir: bed.TLSDir(), Reserve: 25, Engine: docker.Options{
		Owner: "swarmtest", Host: bed.Socket(1), ShimFiles: shimFiles, ShimDigest: digest,
	}}
	if change != nil {
		change(&o)
	}
	b, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		left, err := b.List(context.Background())
		for _, i := range left {
			t.Errorf("left behind: %+v", i)
			_ = b.Remove(context.Background(), i.ID)
		}
		if err != nil {
			t.Errorf("list: %v", err)
		}
		if err := b.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return b
}

func shimFiles() (io.Reader, error) {
	files, err := shim.Files()
	return bytes.NewReader(files), err
}

var _ backendtest.Backend = (*Backend)(nil)

func TestContract(t *testing.T) {
	requireSwarm(t)
	backendtest.Run(t, backendtest.Target{
		Image: testImage, Nodes: bed.Nodes,
		Hold: func(t *testing.T, port int) {
			t.Helper()
			for node := range bed.Nodes {
				bed.Hold(t, node+1, port)
			}
		},
		New: func(t *testing.T) backendtest.Backend {
			t.Helper()
			return testBackend(t, nil)
		},
	})
}
