// Command configtable writes the table of settings between its markers in a document.
package main

import (
	"fmt"
	"os"

	"previewd/server/config"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: configtable README.md")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "configtable:", err)
		os.Exit(1)
	}
}

func write(path string) error {
	document, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	spliced, err := config.Splice(string(document))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(spliced), 0o644)
}
