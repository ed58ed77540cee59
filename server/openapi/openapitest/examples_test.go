package openapitest

import (
	"iter"
	"testing"

	"github.com/pb33f/go-yaml"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/schema_validation"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"

	"previewd/server/openapi"
)

// TestExamplesAreWhatTheyShow holds every example of the document to its schema, with all objects of answers closed.
func TestExamplesAreWhatTheyShow(t *testing.T) {
	d, err := openapi.New()
	if err != nil {
		t.Fatal(err)
	}
	strict, err := closed(d.JSON)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := model(strict)
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for section, items := range map[string]iter.Seq2[string, *v3.PathItem]{"": doc.Paths.PathItems.FromOldest(), "webhook ": doc.Webhooks.FromOldest()} {
		for path, item := range items {
			for method, op := range item.GetOperations().FromOldest() {
				where := section + method + " " + path
				if op.RequestBody != nil {
					checked += checkExamples(t, where, op.RequestBody.Content.FromOldest())
				}
				for status, response := range op.Responses.Codes.FromOldest() {
					if response.Content != nil {
						checked += checkExamples(t, where+" "+status, response.Content.FromOldest())
					}
				}
			}
		}
	}
	if checked < 50 {
		t.Errorf("only %d examples were checked", checked)
	}
}

func checkExamples(t *testing.T, where string, content iter.Seq2[string, *v3.MediaType]) int {
	t.Helper()
	validator := schema_validation.NewSchemaValidator(config.WithFormatAssertions())
	checked := 0
	for media, c := range content {
		examples := map[string]*yaml.Node{}
		if c.Example != nil {
			examples[""] = c.Example
		}
		if c.Examples != nil {
			for name, e := range c.Examples.FromOldest() {
				examples[name] = e.Value
			}
		}
		for name, node := range examples {
			var value any
			if err := node.Decode(&value); err != nil {
				t.Fatal(where, err)
			}
			_, errs := validator.ValidateSchemaObject(c.Schema.Schema(), value)
			if err := joined("", errs); err != nil {
				t.Errorf("%s, %s, example %q: %v", where, media, name, err)
			}
			checked++
		}
	}
	return checked
}
