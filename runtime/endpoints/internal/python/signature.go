package python

import "previewd/runtime/endpoints/internal/route"

// signature adds what a handler's parameters tell.
func (in *interpreter) signature(_ *route.Endpoint, _ *entry) {}
