package run

import (
	"os"
	"testing"

	"previewd/runtime/shim/internal/nstest"
	"previewd/runtime/shim/internal/testapp"
)

// asShim makes this test program the shim itself, so that Main is run as it is in a container.
const asShim = "shim"

func TestMain(m *testing.M) {
	switch {
	case testapp.Is():
		testapp.Run()
	case len(os.Args) > 1 && os.Args[1] == asShim:
		os.Exit(Main())
	}
	os.Exit(nstest.Main(m))
}
