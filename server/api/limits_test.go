package api_test

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/api"
)

func withRates(launch, status, upload preview.Rate) func(*api.Options) {
	return func(o *api.Options) {
		o.Config.RateLaunch, o.Config.RateStatus, o.Config.RateUpload = launch, status, upload
	}
}

// left is what the headers of an answer tell, -1 where they tell nothing.
func left(h *harness, a answer, limit int) int {
	h.Helper()
	if a.header.Get("X-RateLimit-Limit") == "" {
		return -1
	}
	reset, err := strconv.ParseInt(a.header.Get("X-RateLimit-Reset"), 10, 64)
	if wait := time.Until(time.Unix(reset, 0)); err != nil || wait < 59*time.Minute || wait > 61*time.Minute {
		h.Errorf("starts anew in %v (%v)", wait, err)
	}
	remaining, err := strconv.Atoi(a.header.Get("X-RateLimit-Remaining"))
	if err != nil || a.header.Get("X-RateLimit-Limit") != strconv.Itoa(limit) {
		h.Error(a.header)
	}
	return remaining
}

func (h *harness) wantSpent(a answer, detail string) {
	h.Helper()
	h.want(a, http.StatusTooManyRequests)
	wait, isNumber := a.body["retry_after"].(float64)
	reset, err := time.Parse(time.RFC3339, fmt.Sprint(a.body["reset_time"]))
	if a.code() != "RATE_LIMIT_EXCEEDED" || !isNumber || err != nil || a.header.Get("Retry-After") != fmt.Sprint(wait) {
		h.Errorf("%v %s", a.header, a.text)
	}
	if off := time.Until(reset) - time.Duration(wait)*time.Second; off.Abs() > 2*time.Second || strconv.FormatInt(reset.Unix(), 10) != a.header.Get("X-RateLimit-Reset") {
		h.Errorf("body and headers differ by %v: %v %s", off, a.header, a.text)
	}
	if want := "The limit of " + detail + " is used up until " + fmt.Sprint(a.body["reset_time"]) + "."; a.detail() != want {
		h.Errorf("%s, want %s", a.detail(), want)
	}
}

func TestStatusIsLimitedPerUser(t *testing.T) {
	h := newHarness(t, withRates(preview.Rate{}, preview.Rate{Most: 4, Per: time.Hour}, preview.Rate{}))
	h.want(h.put("ann", "g1"), http.StatusCreated)
	h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated)
	status := gens + "g1/preview/status"
	for i, test := range []struct {
		method, path string
		want         int
	}{{"GET", status, 200}, {"GET", gens + "nothing/preview/status", 404}, {"GET", gens + "a~b/preview/status", 400}, {"HEAD", status, 200}} {
		a := h.want(h.do("ann", test.method, test.path, nil), test.want)
		if got := left(h, a, 4); got != 3-i {
			t.Errorf("%s %s: %d left, want %d", test.method, test.path, got, 3-i)
		}
	}
	for range 3 {
		a := h.get("ann", status)
		h.wantSpent(a, "4 status requests per hour")
		if left(h, a, 4) != 0 {
			t.Error(a.header)
		}
	}
	// Strangers and admins use up their own; nobody without a token uses up anybody's.
	if a := h.want(h.get("bob", status), 403); left(h, a, 4) != 3 {
		t.Error(a.header)
	}
	if a := h.want(h.get("root", status), 200); left(h, a, 4) != 3 {
		t.Error(a.header)
	}
	if a := h.want(h.get("", status), 401); left(h, a, 4) != -1 {
		t.Error(a.header)
	}
	// What is not limited goes on.
	if a := h.want(h.get("ann", gens+"g1"), 200); left(h, a, 4) != -1 {
		t.Error(a.header)
	}
}

func TestUploadsAreLimitedPerUser(t *testing.T) {
	h := newHarness(t, withRates(preview.Rate{}, preview.Rate{}, preview.Rate{Most: 2, Per: time.Hour}))
	if a := h.want(h.put("ann", "g1"), 201); left(h, a, 2) != 1 {
		t.Error(a.header)
	}
	if a := h.want(h.do("ann", "PUT", gens+"g1", []byte("x"), "Content-Type", "text/plain"), 415); left(h, a, 2) != 0 {
		t.Error(a.header)
	}
	h.wantSpent(h.put("ann", "g2"), "2 uploads per hour")
	h.want(h.get("ann", gens+"g2"), 404)
}

func TestOnlyAcceptedLaunchesCount(t *testing.T) {
	h := newHarness(t, withRates(preview.Rate{Most: 2, Per: time.Hour}, preview.Rate{}, preview.Rate{}))
	h.want(h.put("ann", "g1"), 201)
	for _, test := range []struct {
		user, id, body string
		want           int
	}{
		{"ann", "nothing", `{"project_id":"p"}`, 404},
		{"ann", "g1", `{}`, 400},
		{"bob", "g1", `{"project_id":"p"}`, 403},
	} {
		if a := h.want(h.launch(test.user, test.id, test.body), test.want); left(h, a, 2) != 2 {
			t.Errorf("%+v: %v", test, a.header)
		}
	}
	h.launches.refuse = preview.ErrNoPorts
	if a := h.want(h.launch("ann", "g1", `{"project_id":"p"}`), 503); left(h, a, 2) != 2 {
		t.Error(a.header)
	}
	h.launches.refuse = nil
	for i := range 2 {
		if a := h.want(h.launch("ann", "g1", `{"project_id":"p","wait":true}`), 201); left(h, a, 2) != 1-i {
			t.Error(a.header)
		}
	}
	h.wantSpent(h.launch("ann", "g1", `{"project_id":"p"}`), "2 launches per hour")
	// Neither a new generation nor the end of the old one gives a launch back.
	h.want(h.do("ann", "DELETE", gens+"g1/preview", nil), 204)
	h.want(h.do("ann", "DELETE", gens+"g1", nil), 204)
	h.want(h.put("ann", "g2"), 201)
	h.wantSpent(h.launch("ann", "g2", `{"project_id":"p"}`), "2 launches per hour")
	if a := h.want(h.launch("root", "g2", `{"project_id":"p"}`), 201); left(h, a, 2) != 1 {
		t.Error("an admin's launch is the admin's own:", a.header)
	}
}

func TestTheLastLaunchIsGivenOnce(t *testing.T) {
	h := newHarness(t, withRates(preview.Rate{Most: 1, Per: time.Hour}, preview.Rate{}, preview.Rate{}))
	const tries = 8
	for i := range tries {
		h.want(h.put("ann", fmt.Sprint("g", i)), 201)
	}
	h.token("ann") // tokens are made by one goroutine at a time
	answers := make([]answer, tries)
	var wg sync.WaitGroup
	for i := range tries {
		wg.Go(func() { answers[i] = h.launch("ann", fmt.Sprint("g", i), `{"project_id":"p"}`) })
	}
	wg.Wait()
	accepted := 0
	for _, a := range answers {
		if left(h, a, 1) != 0 {
			t.Error(a.status, a.header)
		}
		if a.status == 201 {
			accepted++
			continue
		}
		h.wantSpent(a, "1 launches per hour")
	}
	if accepted != 1 {
		t.Errorf("%d launches were accepted", accepted)
	}
}

func TestWithoutRatesThereAreNoHeaders(t *testing.T) {
	h := newHarness(t, withRates(preview.Rate{}, preview.Rate{}, preview.Rate{}))
	for _, a := range []answer{h.put("ann", "g1"), h.launch("ann", "g1", `{"project_id":"p"}`), h.get("ann", gens+"g1/preview/status")} {
		if left(h, a, 0) != -1 || a.status > 299 {
			t.Error(a.status, a.header)
		}
	}
}

func TestLaunchRaceTellsTheBudget(t *testing.T) {
	h := newHarness(t, withRates(preview.Rate{Most: 9, Per: time.Hour}, preview.Rate{}, preview.Rate{}))
	h.want(h.put("ann", "g1"), 201)
	h.launches.refuse = errors.Join(errors.New("start preview"), &preview.RateError{
		Of: "launches", Rate: preview.Rate{Most: 9, Per: time.Hour}, Reset: time.Now().Add(time.Hour),
	})
	a := h.launch("ann", "g1", `{"project_id":"p"}`)
	h.wantSpent(a, "9 launches per hour")
	if left(h, a, 9) != 0 {
		t.Error(a.header)
	}
}
