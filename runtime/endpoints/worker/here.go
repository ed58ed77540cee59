package worker

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"previewd/runtime/endpoints"
)

// Here reads as a Pool does, but in this process: for files that are one's own.
type Here struct{}

// Source finds the endpoints in a generation's archive.
func (Here) Source(ctx context.Context, archive []byte) (Read, error) {
	found, err := readSource(ctx, archive)
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("%w: %w", ErrGaveUp, err)
	}
	return found, err
}

// Document finds the endpoints in an OpenAPI document.
func (Here) Document(ctx context.Context, text []byte) ([]endpoints.Endpoint, error) {
	var out bytes.Buffer
	if err := Main(ctx, Document, bytes.NewReader(text), &out); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrGaveUp, err)
	}
	var found []endpoints.Endpoint
	if err := json.Unmarshal(out.Bytes(), &found); err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	return found, nil
}
