// Package worker reads what strangers wrote in a process of its own. Parsers written in C may crash, and any parser may be led to
// eat memory or time: that ends the process, which has limits, holds no secrets and opens nothing, and not previewd.
package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"previewd/runtime/detect"
	"previewd/runtime/endpoints"
	"previewd/runtime/endpoints/openapi"
	"previewd/runtime/source"
)

// What a worker is asked to read, its only argument.
const (
	Source   = "source"   // a generation's archive
	Document = "document" // an OpenAPI document
)

// maxInput bounds what a worker reads, packed.
const maxInput = 512 << 20

// Read is what was found in a generation's files.
type Read struct {
	Digest    string // of the files that were read, as in preview.Generation
	Documents bool   // the app may publish an OpenAPI document
	endpoints.Result
}

// Main is the whole of a worker's process: it reads what from in and writes JSON to out.
func Main(ctx context.Context, what string, in io.Reader, out io.Writer) error {
	data, err := io.ReadAll(io.LimitReader(in, maxInput+1))
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if len(data) > maxInput {
		return errors.New("too much to read")
	}
	var found any
	switch what {
	case Source:
		found, err = readSource(ctx, data)
	case Document:
		found, err = openapi.Endpoints(data)
	default:
		err = fmt.Errorf("want %s or %s, not %q", Source, Document, what)
	}
	if err != nil {
		return err
	}
	if err := json.NewEncoder(out).Encode(found); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

func readSource(ctx context.Context, archive []byte) (Read, error) {
	tree, err := source.FromArchive(archive)
	if err != nil {
		return Read{}, err
	}
	result, err := ReadFolder(ctx, tree.FS())
	if err != nil {
		return Read{}, err
	}
	return Read{Digest: tree.Digest(), Documents: speaksOfDocuments(tree), Result: *result}, nil
}

// ReadFolder finds the endpoints of the project in a folder, in this process.
func ReadFolder(ctx context.Context, fsys fs.FS) (*endpoints.Result, error) {
	opts := endpoints.Options{}
	if plan, err := detect.Detect(fsys, detect.Options{}); err == nil { // what cannot be run can be read all the same
		opts.Root, opts.Command = plan.Root, plan.Command
	}
	return endpoints.Extract(ctx, fsys, opts)
}
