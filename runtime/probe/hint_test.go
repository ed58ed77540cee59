package probe

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestAsksAtOnceWhenTheTargetListens: by then the pauses between two asks are long.
func TestAsksAtOnceWhenTheTargetListens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		up := time.Now().Add(10*time.Second + longPause/2)
		p := &Prober{client: &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			if time.Now().Before(up) {
				return nil, errors.New("connection refused")
			}
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
		})}}
		listens := make(chan struct{}, 1)
		go func() {
			time.Sleep(time.Until(up))
			listens <- struct{}{}
		}()
		status, err := p.Wait(t.Context(), Target{Host: "127.0.0.1", Port: 1, Listens: listens})
		if err != nil || status != http.StatusOK {
			t.Fatalf("Wait = %d, %v", status, err)
		}
		if late := time.Since(up); late != 0 {
			t.Errorf("asked %v after the target began to listen", late)
		}
	})
}
