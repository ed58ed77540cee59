package openapitest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	validation "github.com/pb33f/libopenapi-validator/errors"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"

	"previewd/server/openapi"
)

// checker compares with one document, one exchange after the other: the library writes to the document's schemas when it renders them.
type checker struct {
	turn     *sync.Mutex
	whole    validator.Validator // of answers, with nothing undescribed
	headOnly validator.Validator // of answers without the body
	requests validator.Validator // with members and parameters undescribed: the server ignores them
	events   *events
}

// shared is made once: it compiles every schema.
var shared = sync.OnceValues(func() (*checker, error) {
	d, err := openapi.New()
	if err != nil {
		return nil, err
	}
	return newChecker(d.JSON)
})

func newChecker(document []byte) (*checker, error) {
	strict, err := closed(document)
	if err != nil {
		return nil, err
	}
	answers, err := model(strict)
	if err != nil {
		return nil, err
	}
	given, err := model(document)
	if err != nil {
		return nil, err
	}
	turn := new(sync.Mutex)
	streams, err := newEvents(answers, turn)
	if err != nil {
		return nil, err
	}
	// Strictness is about headers here; bodies are closed already.
	options := []config.Option{
		config.WithFormatAssertions(), config.WithStrictMode(), config.WithStrictIgnorePaths("$.body.**"),
		config.WithStrictIgnoredHeadersExtra(everywhere()...),
	}
	return &checker{
		turn:     turn,
		whole:    validator.NewValidatorFromV3Model(answers, options...),
		headOnly: validator.NewValidatorFromV3Model(answers, append(options, config.WithoutResponseBodyValidation(), config.WithSchemaCache(nil))...),
		requests: validator.NewValidatorFromV3Model(given, config.WithFormatAssertions(), config.WithoutSecurityValidation()),
		events:   streams,
	}, nil
}

func model(document []byte) (*v3.Document, error) {
	doc, err := libopenapi.NewDocument(document)
	if err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	m, err := doc.BuildV3Model()
	if err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	return &m.Model, nil
}

// everywhere are headers that answers have without being described: those of every answer, and of CORS.
func everywhere() []string {
	return []string{
		"Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options", "X-Accel-Buffering",
		"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers",
	}
}

// exchange is one request with its answer. The bodies are given beside them.
type exchange struct {
	request   *http.Request
	response  *http.Response
	sent, got []byte
	streamed  bool
}

// check says what is not as described.
func (c *checker) check(x exchange) error {
	c.turn.Lock()
	defer c.turn.Unlock()
	return errors.Join(c.checkAnswer(x), c.checkRequest(x))
}

func (c *checker) checkAnswer(x exchange) error {
	switch {
	case elsewhere(x), x.response.StatusCode == 499: // a caller that has gone is told nothing
		return nil
	case x.request.Method == http.MethodHead || x.streamed || isFile(x.response):
		return c.validate(c.headOnly, x)
	}
	return c.validate(c.whole, x)
}

// isFile says that the body is for somebody's disk, and may be compressed.
func isFile(response *http.Response) bool { return response.Header.Get("Content-Disposition") != "" }

// elsewhere says that the path or method is none of the document's, and rightly so.
func elsewhere(x exchange) bool {
	return bytes.Contains(x.got, []byte(`"error_code":"NOT_FOUND"`)) || bytes.Contains(x.got, []byte(`"error_code":"METHOD_NOT_ALLOWED"`))
}

func (c *checker) validate(v validator.Validator, x exchange) error {
	request, response := x.copies()
	if request.Method == http.MethodHead {
		request.Method = http.MethodGet
	}
	_, errs := v.ValidateHttpResponse(request, response)
	return joined("the answer is not as described", errs)
}

// checkRequest holds the server to what the document forbids.
func (c *checker) checkRequest(x exchange) error {
	if x.response.StatusCode >= 300 || x.request.Method == http.MethodHead {
		return nil
	}
	request, _ := x.copies()
	// What the server takes a request for: without a content type, and where a parameter is there without a value.
	if len(x.sent) > 0 && request.Header.Get("Content-Type") == "" {
		request.Header.Set("Content-Type", "application/json")
	}
	query := request.URL.Query()
	maps.DeleteFunc(query, func(_ string, values []string) bool { return len(values) == 1 && values[0] == "" })
	request.URL.RawQuery = query.Encode()
	_, errs := c.requests.ValidateHttpRequestSync(request)
	return joined("the server accepts what the document forbids", errs)
}

// copies are for a validator, which reads bodies.
func (x exchange) copies() (*http.Request, *http.Response) {
	request := x.request.Clone(x.request.Context())
	request.Body = io.NopCloser(bytes.NewReader(x.sent))
	response := *x.response
	response.Body = io.NopCloser(bytes.NewReader(x.got))
	return request, &response
}

func joined(what string, errs []*validation.ValidationError) error {
	if len(errs) == 0 {
		return nil
	}
	lines := []string{what}
	for _, err := range errs {
		lines = append(lines, err.Message+": "+err.Reason)
		for _, part := range err.SchemaValidationErrors {
			lines = append(lines, fmt.Sprintf("%s: %s at %s", part.FieldPath, part.Reason, part.KeywordLocation))
		}
	}
	return errors.New(strings.Join(slices.Compact(lines), "\n\t"))
}
