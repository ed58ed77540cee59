// Package openapi describes the API: an OpenAPI 3.1 document, put together from the files of the folder spec, and a page
// for people made from it. The document is written by hand and kept true by tests: it is compared with the route table, and
// every answer of the API's tests is checked against it (package openapitest).
package openapi
