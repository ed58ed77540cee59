package api

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

// TestACheckThatHeedsNoEnd is given up: a query on a database that is stuck returns when that answers.
func TestACheckThatHeedsNoEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := make(chan struct{})
		defer close(stuck)
		detail, err := Check{Run: func(context.Context) (string, error) { <-stuck; return "", nil }}.within(t.Context())
		if detail != "gives no answer" || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%q, %v", detail, err)
		}
	})
}
