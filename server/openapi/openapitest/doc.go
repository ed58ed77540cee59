// Package openapitest holds what goes over the wire in tests against the OpenAPI document: every answer has to be as
// described, with nothing that is not, and what the document forbids has to be refused.
package openapitest
