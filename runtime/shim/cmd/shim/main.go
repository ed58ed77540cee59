// Command shim is process 1 of every preview. See package previewd/runtime/shim.
package main

import (
	"os"

	"previewd/runtime/shim/internal/run"
)

func main() { os.Exit(run.Main()) }
