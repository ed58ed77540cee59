// Package openapi reads what an app says of itself: OpenAPI 3.0 and 3.1, and Swagger 2.0, in JSON or YAML. Documents are
// untrusted: nothing outside of them is read, whatever they refer to, and cycles are cut.
package openapi

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/pb33f/libopenapi"
	"github.com/pb33f/libopenapi/datamodel"

	"previewd/runtime/endpoints/internal/route"
)

// MaxDocument bounds a document, in bytes.
const MaxDocument = 4 << 20

// maxOperations bounds what is taken of one document.
const maxOperations = 5000

// ErrNoDocument says that something is no OpenAPI document.
var ErrNoDocument = errors.New("no OpenAPI document")

// Endpoints are the operations of a document. Their order is that of the document.
func Endpoints(document []byte) (found []route.Endpoint, err error) {
	defer func() {
		if cause := recover(); cause != nil { // a stranger's document may take the library to its limits
			err = fmt.Errorf("%w: %v", ErrNoDocument, cause)
		}
	}()
	if len(document) > MaxDocument {
		return nil, fmt.Errorf("%w: longer than %d MB", ErrNoDocument, MaxDocument>>20)
	}
	doc, err := libopenapi.NewDocumentWithConfiguration(document, &datamodel.DocumentConfiguration{
		SkipExternalRefResolution: true, ExtractRefsSequentially: true, SkipMetadataCollection: true, SkipJSONConversion: true,
		IgnorePolymorphicCircularReferences: true, IgnoreArrayCircularReferences: true,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoDocument, err)
	}
	if strings.HasPrefix(doc.GetVersion(), "2") {
		return swagger(doc)
	}
	return openapi3(doc)
}

// collector writes operations down.
type collector struct {
	prefix  string
	found   []route.Endpoint
	schemas *writer
}

func newCollector(prefix string) *collector { return &collector{prefix: prefix, schemas: &writer{}} }

func (c *collector) add(e route.Endpoint) {
	if len(c.found) < maxOperations {
		e.Origin = route.Live
		c.found = append(c.found, e)
	}
}

// path puts the servers' prefix before a path.
func (c *collector) path(p string) string {
	return strings.TrimSuffix(c.prefix, "/") + "/" + strings.TrimPrefix(p, "/")
}
