package shim

import (
	"bytes"
	"errors"
	"runtime"
	"testing"
	"testing/fstest"
)

func TestFilesFrom(t *testing.T) {
	if _, err := filesFrom(fstest.MapFS{"bin/shim-linux-other": {}}); !errors.Is(err, ErrNotBuilt) {
		t.Errorf("%v", err)
	}
	files, err := filesFrom(fstest.MapFS{"bin/shim-linux-" + runtime.GOARCH: {Data: []byte("the binary")}})
	want, _ := Pack([]byte("the binary"))
	if err != nil || !bytes.Equal(files, want) {
		t.Errorf("%d bytes, %v", len(files), err)
	}
}
