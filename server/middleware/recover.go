package middleware

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"

	"previewd/server/problem"
)

// Recover answers a panic with an internal error. Once an answer has begun nothing can be added to it: the
// connection is cut instead, so that half an answer is not taken for a whole one.
func Recover(problems *problem.Renderer) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			sw := &statusWriter{ResponseWriter: w}
			defer func() {
				value := recover()
				if value == nil {
					return
				}
				if err, ok := value.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(http.ErrAbortHandler)
				}
				err := fmt.Errorf("panic: %v\n%s", value, debug.Stack())
				if sw.status != 0 {
					problems.Log.WithField("err", err).Error("handler failed after its answer began")
					panic(http.ErrAbortHandler)
				}
				problems.Write(w, r, err)
			}()
			next.ServeHTTP(sw, r)
		})
	}
}
