package reconcile_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/preview"
	"previewd/runtime/reconcile"
)

// stuck is an instance whose removal the engine never ends.
const stuck = "stuck"

// scene is all that a loop sees and touches. The test changes it while the loop runs.
type scene struct {
	mu        sync.Mutex
	instances []preview.Instance
	engine    error // why the engine cannot list
	rows      []preview.Preview
	alive     map[string]bool
	own       map[string]bool
	leads     bool
	did       []string
	meanwhile func() // happens right after each look
	taken     []preview.Preview
	takeover  error // why nothing can be taken over
}

func (s *scene) loop(onReturn func(context.Context) error) *reconcile.Loop {
	logger, _ := test.NewNullLogger()
	return reconcile.New(reconcile.Options{
		Engine: s, Rows: s, Launches: s, Processes: s, Every: 5 * time.Second, Notice: 500 * time.Millisecond, InstallAge: time.Hour,
		OnReturn: onReturn, Log: logrus.NewEntry(logger),
	})
}

func (s *scene) change(how func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	how()
}

func (s *scene) note(words ...string) error {
	s.change(func() { s.did = append(s.did, strings.Join(words, " ")) })
	return nil
}

// done returns what the loop did since it was last asked.
func (s *scene) done() (did []string) {
	s.change(func() { did, s.did = s.did, nil })
	return did
}

func (s *scene) List(context.Context) (list []preview.Instance, err error) {
	s.change(func() { list, err = slices.Clone(s.instances), s.engine })
	return list, err
}

func (s *scene) Remove(ctx context.Context, id string) error {
	if id == stuck {
		<-ctx.Done()
		return ctx.Err()
	}
	return s.note("remove", id)
}

func (s *scene) Claims(context.Context) (claims []preview.Claim, err error) {
	s.change(func() {
		claims = claimsOf(s.rows)
		if s.meanwhile != nil {
			s.meanwhile()
		}
	})
	return claims, nil
}

func (s *scene) StoppingPreviewsOf(_ context.Context, launcher string) (rows []preview.Preview, err error) {
	s.change(func() {
		for _, r := range s.rows {
			if r.Status == preview.Stopping && r.Request.Launcher == launcher {
				rows = append(rows, r)
			}
		}
	})
	return rows, nil
}

func (s *scene) Launchers(context.Context) (names []string, err error) {
	s.change(func() {
		for _, r := range s.rows {
			if !slices.Contains(names, r.Request.Launcher) {
				names = append(names, r.Request.Launcher)
			}
		}
	})
	return names, nil
}

func (s *scene) Expel(_ context.Context, name string) { _ = s.note("expel", name) }

func (s *scene) TakeOver(_ context.Context, ids []string, from, to string) (taken []preview.Preview, err error) {
	s.change(func() {
		if err = s.takeover; err != nil {
			return
		}
		for i, r := range s.rows {
			if slices.Contains(ids, r.ID) && r.Request.Launcher == from {
				s.rows[i].Request.Launcher = to
				taken = append(taken, s.rows[i])
			}
		}
	})
	slices.Reverse(taken) // the database keeps no order
	return taken, err
}

func (s *scene) Owns(id string) (owns bool) {
	s.change(func() { owns = s.own[id] })
	return owns
}

func (s *scene) take(verb string, row preview.Preview) error {
	s.change(func() { s.own[row.ID], s.taken = true, append(s.taken, row) })
	return s.note(verb, row.ID)
}

func (s *scene) Adopt(row preview.Preview) error   { return s.take("adopt", row) }
func (s *scene) Resume(row preview.Preview) error  { return s.take("resume", row) }
func (s *scene) Discard(row preview.Preview) error { return s.take("discard", row) }
func (s *scene) Noticed(row preview.Preview)       { _ = s.note("notice", row.ID) }

func (s *scene) Release(id string) {
	s.change(func() { delete(s.own, id) })
	_ = s.note("release", id)
}

func (s *scene) Self() string { return "me" }

func (s *scene) Alive(_ context.Context, name string) (alive bool) {
	s.change(func() { alive = s.alive[name] })
	return alive
}

func (s *scene) Leads(context.Context) (leads bool) {
	s.change(func() { leads = s.leads })
	return leads
}

func newScene(rows ...preview.Preview) *scene {
	s := &scene{rows: rows, alive: map[string]bool{"me": true, "other": true}, own: map[string]bool{}, leads: true}
	for _, r := range rows {
		s.instances = append(s.instances, instance(r.InstanceID, r.ID, preview.KindPreview, 0))
	}
	return s
}

// during runs the loop in a bubble, after its first look.
func during(t *testing.T, s *scene, story func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		loop := s.loop(func(context.Context) error { return s.note("return") })
		if err := loop.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); loop.Run(ctx) }()
		story(t)
		cancel()
		<-done
	})
}

func (s *scene) expect(t *testing.T, when string, want ...string) {
	t.Helper()
	synctest.Wait()
	if got := s.done(); !slices.Equal(got, want) {
		t.Errorf("%s it did %q, want %q", when, got, want)
	}
}

func TestTheStartTakesOverAtOnce(t *testing.T) {
	s := newScene(row("p", preview.Running, "dead", "i1"), row("q", preview.Starting, "dead", ""), row("r", preview.Running, "other", "i3"))
	during(t, s, func(t *testing.T) { s.expect(t, "at the start", "expel dead", "adopt p", "resume q") })
}

func TestAProcessMustStayDead(t *testing.T) {
	s := newScene(row("p", preview.Running, "other", "i1"))
	during(t, s, func(t *testing.T) {
		s.change(func() { s.alive["other"] = false }) // its connection was lost
		time.Sleep(3 * time.Second)
		s.expect(t, "right after the loss")
		s.change(func() { s.alive["other"] = true })
		time.Sleep(time.Minute)
		s.expect(t, "after its return")
		s.change(func() { s.alive["other"] = false }) // it dies
		time.Sleep(4 * time.Second)
		s.expect(t, "within four seconds of its death", "expel other", "adopt p")
	})
}

func TestWhatIsLeftIsTakenSoon(t *testing.T) {
	s := newScene(row("p", preview.Running, "other", "i1"), row("q", preview.Running, "other", "i2"))
	during(t, s, func(t *testing.T) {
		s.change(func() { s.rows[1].Request.Launcher = "" })
		time.Sleep(time.Second)
		s.expect(t, "within a second", "adopt q")
	})
}

func TestWhoDoesNotLeadTakesNothing(t *testing.T) {
	s := newScene(row("p", preview.Running, "dead", "i1"), row("mine", preview.Running, "other", "i2"))
	s.leads, s.own["mine"] = false, true
	during(t, s, func(t *testing.T) {
		s.expect(t, "at the start", "release mine") // the other one took it over
		s.change(func() { s.leads = true })
		time.Sleep(10 * time.Second)
		s.expect(t, "as the leader", "expel dead", "adopt p")
	})
}

func TestStopsAreNoticedSoon(t *testing.T) {
	s := newScene(row("p", preview.Running, "me", "i1"))
	s.own["p"] = true
	during(t, s, func(t *testing.T) {
		s.change(func() { s.rows[0].Status = preview.Stopping })
		time.Sleep(500 * time.Millisecond)
		s.expect(t, "after half a second", "notice p")
	})
}

func TestTheEnginesReturn(t *testing.T) {
	s := newScene()
	s.instances = []preview.Instance{instance("left", "gone", preview.KindPreview, 0)}
	during(t, s, func(t *testing.T) {
		s.expect(t, "at the start", "remove left")
		s.change(func() { s.engine = preview.ErrEngineUnavailable })
		time.Sleep(20 * time.Second)
		s.expect(t, "without an engine")
		s.change(func() { s.engine, s.instances = nil, nil })
		time.Sleep(20 * time.Second)
		s.expect(t, "once after its return", "return")
	})
}

func TestWhatCannotBeListedIsAnError(t *testing.T) {
	s := newScene()
	s.engine = errors.New("broken")
	if err := s.loop(nil).Once(t.Context()); !errors.Is(err, s.engine) {
		t.Errorf("Once = %v", err)
	}
}

// TestWhatAProcessLostSightOf is what it launched and nobody here runs: its end failed while the database or the engine was away, or the
// answer to its start was lost. The leader leaves it to its process, which lives.
func TestWhatAProcessLostSightOf(t *testing.T) {
	s := newScene(row("p", preview.Running, "me", "i1"), row("q", preview.Running, "dead", "i2"))
	s.leads = false
	during(t, s, func(t *testing.T) { s.expect(t, "without leading", "adopt p") })
}

func TestARemovalThatNeverEndsHoldsUpNothing(t *testing.T) {
	s := newScene(row("p", preview.Running, "other", "i1"))
	during(t, s, func(t *testing.T) {
		s.change(func() { s.instances = append(s.instances, instance(stuck, "gone", preview.KindPreview, 0)) })
		time.Sleep(6 * time.Second) // it is being removed
		s.change(func() { s.alive["other"] = false })
		time.Sleep(2 * time.Minute)
		s.expect(t, "beside the removal", "expel other", "adopt p")
	})
}
