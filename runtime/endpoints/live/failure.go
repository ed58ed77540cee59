package live

import (
	"errors"
	"net/url"
	"strings"

	"previewd/runtime/upstream"
)

// failed notes an error after which nothing more need be asked. A slow answer is not one of these.
func (s *search) failed(err error) {
	if errors.Is(err, upstream.ErrNotRunning) || errors.Is(err, upstream.ErrUnreachable) {
		s.err = err
	}
}

// redirected is where an answer leads, when that is on the app.
func redirected(from, location string) string {
	base, err := url.Parse(from)
	if err != nil || location == "" {
		return ""
	}
	to, err := base.Parse(location)
	if err != nil || !strings.HasPrefix(to.Path, "/") {
		return ""
	}
	return to.RequestURI() // whatever host it names: the app's own name for itself may be any
}
