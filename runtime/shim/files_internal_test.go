package shim

import (
	"archive/tar"
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

func TestAddFixupsLeavesOutWhatPythonCompiled(t *testing.T) {
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	err := addFixups(w, fstest.MapFS{"python/a.py": {}, "python/__pycache__/a.pyc": {}})
	if err = errors.Join(err, w.Close()); err != nil || bytes.Contains(buf.Bytes(), []byte("pyc")) {
		t.Errorf("%q %v", buf.Bytes(), err)
	}
	if err := addFixups(w, fstest.MapFS{}); err != nil {
		t.Error(err)
	}
	if err := addFixups(w, fstest.MapFS{"late": {}}); err == nil {
		t.Error("written to a closed tar")
	}
}
