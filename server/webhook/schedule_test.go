package webhook

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"previewd/runtime/preview"
)

func TestPausesSpanADay(t *testing.T) {
	var low, high time.Duration
	for n := 1; n < maxAttempts; n++ {
		least, most := pauseAfter(n, 0), pauseAfter(n, 0.999999)
		if middle := pauseAfter(n, 0.5); middle < least || most < middle || most > longestPause*6/5 || least < firstPause*4/5 {
			t.Errorf("pause %d: %v to %v", n, least, most)
		}
		if n > 1 && least <= pauseAfter(n-1, 0) && least < longestPause*4/5 {
			t.Errorf("pause %d does not grow", n)
		}
		low, high = low+least, high+most
	}
	if low < 19*time.Hour || high > 30*time.Hour {
		t.Errorf("all attempts take %v to %v", low, high)
	}
}

func TestDecide(t *testing.T) {
	failed := errors.New("HTTP 500")
	tests := []struct {
		name     string
		attempts int // before
		answer   Answer
		state    preview.DeliveryState
		pause    time.Duration // at random 0.5
	}{
		{"taken", 0, Answer{Status: 204}, preview.DeliveryDelivered, 0},
		{"taken at last", maxAttempts - 1, Answer{Status: 200}, preview.DeliveryDelivered, 0},
		{"first failure", 0, Answer{Status: 500, Err: failed}, preview.DeliveryPending, 5 * time.Second},
		{"no answer", 1, Answer{Err: failed}, preview.DeliveryPending, 15 * time.Second},
		{"late failure", 11, Answer{Status: 500, Err: failed}, preview.DeliveryPending, 4 * time.Hour},
		{"last failure", maxAttempts - 1, Answer{Status: 500, Err: failed}, preview.DeliveryDead, 0},
		{"gone", 0, Answer{Status: http.StatusGone, Err: failed}, preview.DeliveryDead, 0},
		{"asked for patience", 0, Answer{Status: 429, RetryAfter: time.Minute, Err: failed}, preview.DeliveryPending, time.Minute},
		{"asked for less", 3, Answer{Status: 503, RetryAfter: time.Second, Err: failed}, preview.DeliveryPending, 135 * time.Second},
		{"asked for too much", 0, Answer{Status: 503, RetryAfter: 1000 * time.Hour, Err: failed}, preview.DeliveryPending, 4 * time.Hour},
	}
	for _, tt := range tests {
		e := event()
		e.Delivery.Attempts = tt.attempts
		a := decide(e, tt.answer, noon, 0.5)
		if a.State != tt.state || a.At != noon || a.ResponseStatus != tt.answer.Status || (a.Error == "") != (tt.answer.Err == nil) {
			t.Errorf("%s: %+v", tt.name, a)
		}
		if tt.state == preview.DeliveryPending && a.NextAt.Sub(noon) != tt.pause {
			t.Errorf("%s: again after %v, want %v", tt.name, a.NextAt.Sub(noon), tt.pause)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"": 0, "0": 0, "90": 90 * time.Second, "-5": 0, "soon": 0, "99999999999999999999": 0, "1.5": 0,
		noon.Add(time.Hour).Format(http.TimeFormat): time.Hour, noon.Add(-time.Hour).Format(http.TimeFormat): 0,
	} {
		if got := retryAfter(http.Header{"Retry-After": {text}}, noon); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
