package preview

import (
	"testing"
	"time"
)

func TestRateFromText(t *testing.T) {
	good := map[string]Rate{
		"0": {}, "10/h": {10, time.Hour}, "100/m": {100, time.Minute}, "1/s": {1, time.Second}, "1000000000/s": {1_000_000_000, time.Second},
	}
	for text, want := range good {
		var got Rate
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want || got.String() != text {
			t.Errorf("%s: %+v %v, prints as %s", text, got, err, got)
		}
	}
	for _, text := range []string{"", "10", "/m", "0/m", "-1/m", "+1/m", "1.5/m", "1000000001/s", "99999999999999/s", "10/d", "10/M", "10/m/s", "10 / m"} {
		got := Rate{7, time.Second}
		if err := got.UnmarshalText([]byte(text)); err == nil || got != (Rate{7, time.Second}) {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func TestRateErrorSaysWhatIsUsedUp(t *testing.T) {
	for rate, want := range map[Rate]string{
		{10, time.Hour}: "limit of 10 launches per hour is used up", {1, time.Minute}: "limit of 1 launches per minute is used up",
		{5, time.Second}: "limit of 5 launches per second is used up", {5, 90 * time.Second}: "limit of 5 launches per 1m30s is used up",
	} {
		spent := &RateError{Of: CountedLaunches, Rate: rate, Reset: time.Unix(5, 0)}
		if spent.Error() != want || spent.Budget() != (Budget{Limit: rate.Most, Reset: time.Unix(5, 0)}) {
			t.Error(spent, spent.Budget())
		}
	}
	if (Rate{Most: 5}).On() || (Rate{Per: time.Second}).On() || (Rate{5, 90 * time.Second}).String() != "5/1m30s" {
		t.Error("half a rate bounds nothing")
	}
}
