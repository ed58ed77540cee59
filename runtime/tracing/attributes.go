package tracing

import (
	"net/http"
	"slices"
)

// Key names an attribute of a span. Values are words that are known beforehand, numbers, or ids that previewd made: nothing
// that a stranger wrote gets to the collector.
type Key string

// The keys there are (docs/operations.md).
const (
	Method    Key = "http.request.method" // a common one or _OTHER
	Route     Key = "http.route"          // the route's template, never the path
	Status    Key = "http.response.status_code"
	ErrorType Key = "error.type" // why the span failed: a reason's code, a status, or unreachable

	PreviewID Key = "previewd.preview_id"
	Runtime   Key = "previewd.runtime"
	Framework Key = "previewd.framework"
	Cached    Key = "previewd.cached"     // whether the dependencies were
	Outcome   Key = "previewd.outcome"    // success, failure, cancelled or left
	Reason    Key = "previewd.reason"     // the code of a preview's end
	ErrorCode Key = "previewd.error_code" // of the API's answer
	Call      Key = "previewd.call"       // of the engine's API
)

// methodOf keeps the methods few: anybody can make one up.
func methodOf(r *http.Request) string {
	if slices.Contains([]string{
		http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions,
	}, r.Method) {
		return r.Method
	}
	return "_OTHER"
}
