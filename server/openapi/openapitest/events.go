package openapitest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/schema_validation"
	"github.com/pb33f/libopenapi/datamodel/high/base"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
)

// events checks the data of server-sent events, of which OpenAPI 3.1 has no notion: x-events names a schema per event.
type events struct {
	turn    *sync.Mutex             // of the document
	schemas map[string]*base.Schema // by event
	data    schema_validation.SchemaValidator
}

// unnamed is what a browser calls an event without a name.
const unnamed = "message"

func newEvents(doc *v3.Document, turn *sync.Mutex) (*events, error) {
	e := &events{turn: turn, schemas: map[string]*base.Schema{}, data: schema_validation.NewSchemaValidator(config.WithFormatAssertions())}
	for _, item := range doc.Paths.PathItems.FromOldest() {
		for _, op := range item.GetOperations().FromOldest() {
			for _, response := range op.Responses.Codes.FromOldest() {
				if err := e.add(doc, response); err != nil {
					return nil, fmt.Errorf("%s: %w", op.OperationId, err)
				}
			}
		}
	}
	return e, nil
}

func (e *events) add(doc *v3.Document, response *v3.Response) error {
	if response.Content == nil {
		return nil
	}
	media := response.Content.GetOrZero("text/event-stream")
	if media == nil {
		return nil
	}
	var refs map[string]string
	node := media.Extensions.GetOrZero("x-events")
	if node == nil {
		return errors.New("a stream without x-events")
	}
	if err := node.Decode(&refs); err != nil {
		return err
	}
	for event, ref := range refs {
		proxy := doc.Components.Schemas.GetOrZero(strings.TrimPrefix(ref, schemaRef))
		if proxy == nil {
			return fmt.Errorf("x-events: no schema %s", ref)
		}
		e.schemas[event] = proxy.Schema()
	}
	return nil
}

// check takes the lines of one event.
func (e *events) check(block []byte) error {
	event, data, commented := unnamed, "", true
	for line := range strings.SplitSeq(string(block), "\n") {
		field, value, _ := strings.Cut(line, ": ")
		switch field {
		case "event":
			event = value
		case "data":
			data, commented = data+value, false
		case "id", "retry", "":
		default:
			return fmt.Errorf("an event has a line %q", line)
		}
	}
	if commented {
		return nil
	}
	schema := e.schemas[event]
	if schema == nil {
		return fmt.Errorf("the stream has an event %q that is not described", event)
	}
	e.turn.Lock()
	defer e.turn.Unlock()
	_, errs := e.data.ValidateSchemaString(schema, data)
	if err := joined("an event is not as described", errs); err != nil {
		return fmt.Errorf("%w\n%.500s", err, data)
	}
	return nil
}

// eventReader checks a stream as it is read.
type eventReader struct {
	io.ReadCloser
	events *events
	report func(error)
	rest   []byte // of an event that has not ended
}

func (r *eventReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.rest = append(r.rest, p[:n]...)
	for {
		block, after, whole := bytes.Cut(r.rest, []byte("\n\n"))
		if !whole {
			return n, err
		}
		if wrong := r.events.check(block); wrong != nil {
			r.report(wrong)
		}
		r.rest = after
	}
}
