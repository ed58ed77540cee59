package preview

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Rate bounds how often something may happen. The zero Rate bounds nothing.
type Rate struct {
	Most int
	Per  time.Duration
}

// maxRate keeps counters far from their end.
const maxRate = 1_000_000_000

var (
	errRateForm   = errors.New("want N/s, N/m, N/h or 0")
	errRateNumber = fmt.Errorf("want a number from 1 to %d before the slash", maxRate)
)

// On reports whether the rate bounds anything.
func (r Rate) On() bool { return r.Most > 0 && r.Per > 0 }

// String is the form that UnmarshalText reads.
func (r Rate) String() string {
	switch {
	case !r.On():
		return "0"
	case r.Per == time.Second:
		return strconv.Itoa(r.Most) + "/s"
	case r.Per == time.Minute:
		return strconv.Itoa(r.Most) + "/m"
	case r.Per == time.Hour:
		return strconv.Itoa(r.Most) + "/h"
	}
	return strconv.Itoa(r.Most) + "/" + r.Per.String()
}

func (r Rate) period() string {
	switch r.Per {
	case time.Second:
		return "second"
	case time.Minute:
		return "minute"
	case time.Hour:
		return "hour"
	}
	return r.Per.String()
}

// UnmarshalText reads N/s, N/m or N/h, and 0 for no bound at all.
func (r *Rate) UnmarshalText(text []byte) error {
	if string(text) == "0" {
		*r = Rate{}
		return nil
	}
	number, unit, _ := strings.Cut(string(text), "/")
	per := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour}[unit]
	if per == 0 {
		return errRateForm
	}
	most, err := strconv.ParseUint(number, 10, 32)
	if err != nil || most == 0 || most > maxRate {
		return errRateNumber
	}
	*r = Rate{Most: int(most), Per: per}
	return nil
}

// Budget is what a rate leaves at one moment. The zero Budget is that of a rate that bounds nothing.
type Budget struct {
	Limit     int
	Remaining int
	Reset     time.Time // when the whole limit is there again
}

// RateError refuses what a rate does not leave room for.
type RateError struct {
	Of    string // what is counted, in the plural
	Rate  Rate
	Reset time.Time
}

// Budget is what is left, which is nothing.
func (e *RateError) Budget() Budget { return Budget{Limit: e.Rate.Most, Reset: e.Reset} }

func (e *RateError) Error() string {
	return fmt.Sprintf("limit of %d %s per %s is used up", e.Rate.Most, e.Of, e.Rate.period())
}
