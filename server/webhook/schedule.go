package webhook

import (
	"net/http"
	"strconv"
	"time"

	"previewd/runtime/preview"
)

// The pauses between attempts: 5 s, 15 s, 45 s and so on, each three times the one before, until 4 hours. With 14
// attempts that is a day, after which an event is given up.
const (
	firstPause   = 5 * time.Second
	growth       = 3
	longestPause = 4 * time.Hour
	maxAttempts  = 14
	jitter       = 0.2 // of a pause, more or less, so that what failed together is not repeated together
)

// pauseAfter is how long to wait after that many failed attempts. random is from [0, 1).
func pauseAfter(failures int, random float64) time.Duration {
	pause := firstPause
	for range failures - 1 {
		pause = min(growth*pause, longestPause)
	}
	return time.Duration(float64(pause) * (1 - jitter + 2*jitter*random))
}

// decide turns the answer to an attempt into what becomes of the event.
func decide(e preview.Event, a Answer, now time.Time, random float64) preview.Attempt {
	attempt := preview.Attempt{At: now, ResponseStatus: a.Status, State: preview.DeliveryDelivered}
	if a.Err == nil {
		return attempt
	}
	attempt.Error = a.Err.Error()
	failures := e.Delivery.Attempts + 1
	if a.Status == http.StatusGone || failures >= maxAttempts {
		attempt.State = preview.DeliveryDead
		return attempt
	}
	// A receiver may ask for more patience, not for less: else it would use up all attempts in a moment.
	pause := max(pauseAfter(failures, random), min(a.RetryAfter, longestPause))
	attempt.State, attempt.NextAt = preview.DeliveryPending, now.Add(pause)
	return attempt
}

// retryAfter reads the header of RFC 9110, section 10.2.3: seconds, or a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
