package ratelimit

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"previewd/runtime/preview"
)

// The headers that tell a caller what is left.
const (
	HeaderLimit     = "X-RateLimit-Limit"
	HeaderRemaining = "X-RateLimit-Remaining"
	HeaderReset     = "X-RateLimit-Reset" // Unix seconds
)

// Counter grants acts per key. What exceeds the rate is a *preview.RateError; the budget holds then, too.
type Counter interface {
	Take(ctx context.Context, key string) (preview.Budget, error)
}

// Admit counts one act of the key and shows in the answer's header what is left, whatever the answer will be. The
// error is the answer to a caller who has none left. A nil counter bounds nothing.
func Admit(ctx context.Context, w http.ResponseWriter, c Counter, key string) error {
	if c == nil {
		return nil
	}
	budget, err := c.Take(ctx, key)
	Show(w.Header(), budget)
	return err
}

// Show writes what is left into an answer's header, and nothing where nothing is bounded.
func Show(h http.Header, b preview.Budget) {
	if b.Limit == 0 {
		return
	}
	h.Set(HeaderLimit, strconv.Itoa(b.Limit))
	h.Set(HeaderRemaining, strconv.Itoa(b.Remaining))
	h.Set(HeaderReset, strconv.FormatInt(Ceil(b.Reset).Unix(), 10))
}

// Ceil rounds up to whole seconds: whoever waits until then has waited long enough.
func Ceil(t time.Time) time.Time {
	if whole := t.Truncate(time.Second); !whole.Equal(t) {
		return whole.Add(time.Second)
	}
	return t
}
