package docker

import (
	"archive/tar"
	"bytes"
	"io"
	"testing"

	"previewd/runtime/backendtest"
)

var _ backendtest.Backend = (*Backend)(nil)

func TestContract(t *testing.T) {
	backendtest.Run(t, backendtest.Target{
		Image: testImage,
		New: func(t *testing.T) backendtest.Backend {
			t.Helper()
			return testBackend(t, Options{ShimFiles: testShim, ShimDigest: "contract"})
		},
	})
}

// testShim is a shim that is no program: one script.
func testShim() (io.Reader, error) {
	return tarOf(&tar.Header{Name: "shim", Mode: 0o755}, "#!/bin/sh\necho shim runs; exec \"$@\"\n"), nil
}

func tarOf(h *tar.Header, content string) io.Reader {
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	h.Size = int64(len(content))
	_ = w.WriteHeader(h) // a buffer takes everything
	_, _ = io.WriteString(w, content)
	_ = w.Close()
	return &buf
}
