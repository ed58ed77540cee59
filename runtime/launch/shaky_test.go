package launch_test

import (
	"context"
	"errors"
	"sync"
	"time"

	"previewd/runtime/preview"
	"previewd/storage"
)

var errAway = errors.New("the database is being started again")

func isAway(err error) bool { return errors.Is(err, errAway) }

// shakyStore is away when it is asked for a thing first, goes away in the middle of the answer when it is asked again, and so on.
type shakyStore struct {
	*storage.Store
	mu    sync.Mutex
	asked map[string]int
}

func (s *shakyStore) shake(what string, ask func() error) error {
	s.mu.Lock()
	s.asked[what]++
	turn := s.asked[what] % 3
	s.mu.Unlock()
	switch turn {
	case 1:
		return errAway
	case 2:
		return errors.Join(errAway, ask())
	}
	return ask()
}

func (s *shakyStore) BecomeRunning(ctx context.Context, id string, at time.Time, took preview.Timings) error {
	return s.shake("running", func() error { return s.Store.BecomeRunning(ctx, id, at, took) })
}

func (s *shakyStore) BeginMove(ctx context.Context, id string, why preview.Reason) error {
	return s.shake("move", func() error { return s.Store.BeginMove(ctx, id, why) })
}

func (s *shakyStore) BeginEnd(ctx context.Context, id string, why preview.Reason) (p preview.Preview, err error) {
	err = s.shake("end", func() error { p, err = s.Store.BeginEnd(ctx, id, why); return err })
	return p, err
}

func (s *shakyStore) Finish(ctx context.Context, id string, status preview.Status, why preview.Reason, took preview.Timings) (p preview.Preview, err error) {
	err = s.shake("finish", func() error { p, err = s.Store.Finish(ctx, id, status, why, took); return err })
	return p, err
}

func (s *shakyStore) SetPhase(ctx context.Context, id string, phase preview.Phase) error {
	return s.shake("phase", func() error { return s.Store.SetPhase(ctx, id, phase) })
}

func (s *shakyStore) SetPlan(ctx context.Context, id string, info preview.PlanInfo) error {
	return s.shake("plan", func() error { return s.Store.SetPlan(ctx, id, info) })
}

func (s *shakyStore) SetInstance(ctx context.Context, id, instance string) error {
	return s.shake("instance", func() error { return s.Store.SetInstance(ctx, id, instance) })
}

func (s *shakyStore) SetNode(ctx context.Context, id, node, host string) error {
	return s.shake("node", func() error { return s.Store.SetNode(ctx, id, node, host) })
}

func (s *shakyStore) GenerationArchive(ctx context.Context, id string) (archive []byte, err error) {
	err = s.shake("archive", func() error { archive, err = s.Store.GenerationArchive(ctx, id); return err })
	return archive, err
}
