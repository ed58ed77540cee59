package cli

import (
	"encoding/json"
	"io"
)

// encode writes one JSON value on a line of its own. A reader that went away is noticed by the next write to the same place.
func (a *app) encode(w io.Writer, v any) {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // of our own types, and there is nowhere left to complain to
}
