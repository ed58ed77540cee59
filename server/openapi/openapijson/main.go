// Command openapijson writes the API's OpenAPI document to its standard output, for tools that take a file.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"previewd/server/openapi"
)

func main() {
	if err := write(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "openapijson:", err)
		os.Exit(1)
	}
}

func write(out io.Writer) error {
	d, err := openapi.New()
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := json.Indent(&text, d.JSON, "", "  "); err != nil {
		return err
	}
	text.WriteByte('\n')
	_, err = text.WriteTo(out)
	return err
}
