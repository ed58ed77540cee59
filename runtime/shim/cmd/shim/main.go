// Command shim is process 1 of every preview. See package previewd/runtime/shim.
package main

import (
	"os"

	"previewd/runtime/shim/internal/gate"
	"previewd/runtime/shim/internal/run"
	"previewd/runtime/shim/internal/wire"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == wire.Gate {
		os.Exit(gate.Main(os.Args[2:]))
	}
	os.Exit(run.Main())
}
