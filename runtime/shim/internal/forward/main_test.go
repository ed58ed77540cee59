package forward

import (
	"os"
	"testing"

	"previewd/runtime/shim/internal/nstest"
)

func TestMain(m *testing.M) { os.Exit(nstest.Main(m)) }
