package ratelimit

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"previewd/runtime/preview"
)

func headers(h http.Header) [3]string {
	return [3]string{h.Get(HeaderLimit), h.Get(HeaderRemaining), h.Get(HeaderReset)}
}

func TestAdmitShowsWhatIsLeft(t *testing.T) {
	clock := func() time.Time { return time.Unix(1000, 1) }
	l := New("things", preview.Rate{Most: 1, Per: time.Minute}, clock)
	first, second := httptest.NewRecorder(), httptest.NewRecorder()
	if err := Admit(t.Context(), first, l, "ann"); err != nil || headers(first.Header()) != [3]string{"1", "0", "1061"} {
		t.Error(err, first.Header())
	}
	if err := Admit(t.Context(), second, l, "ann"); err == nil || headers(second.Header()) != [3]string{"1", "0", "1061"} {
		t.Error(err, second.Header())
	}
}

func TestAdmitWithoutALimit(t *testing.T) {
	for _, c := range []Counter{nil, New("things", preview.Rate{}, nil), Launches{}} {
		w := httptest.NewRecorder()
		if err := Admit(t.Context(), w, c, "ann"); err != nil || len(w.Header()) > 0 {
			t.Error(err, w.Header())
		}
	}
}

func TestCeil(t *testing.T) {
	whole := time.Unix(1000, 0)
	if !Ceil(whole).Equal(whole) || !Ceil(whole.Add(1)).Equal(time.Unix(1001, 0)) || !Ceil(whole.Add(-1)).Equal(whole) {
		t.Error(Ceil(whole), Ceil(whole.Add(1)), Ceil(whole.Add(-1)))
	}
}

type budgets struct {
	left int
	err  error
}

func (b budgets) LaunchBudget(_ context.Context, user string, rate preview.Rate) (preview.Budget, error) {
	if user != "ann" {
		return preview.Budget{}, errors.New("somebody else's")
	}
	return preview.Budget{Limit: rate.Most, Remaining: b.left, Reset: time.Unix(1000, 0)}, b.err
}

func TestLaunchesLookAtTheSharedCount(t *testing.T) {
	rate := preview.Rate{Most: 10, Per: time.Hour}
	if budget, err := (Launches{budgets{left: 1}, rate}).Take(t.Context(), "ann"); err != nil || budget.Remaining != 1 {
		t.Error(budget, err)
	}
	_, err := Launches{budgets{}, rate}.Take(t.Context(), "ann")
	if spent, ok := errors.AsType[*preview.RateError](err); !ok || *spent != (preview.RateError{Of: "launches", Rate: rate, Reset: time.Unix(1000, 0)}) {
		t.Error(err)
	}
	down := errors.New("database is away")
	if _, err := (Launches{budgets{err: down}, rate}).Take(t.Context(), "ann"); !errors.Is(err, down) {
		t.Error(err)
	}
}
