// Command logtable writes the table of the log's fields between its markers in a document.
package main

import (
	"fmt"
	"os"

	"previewd/server/logging"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: logtable docs/operations.md")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "logtable:", err)
		os.Exit(1)
	}
}

func write(path string) error {
	document, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	changed, err := logging.Splice(string(document))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(changed), 0o644)
}
