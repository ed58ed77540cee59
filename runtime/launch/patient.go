package launch

import (
	"context"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
)

// patience is how long a run goes on asking a store that is away: a database that is started again, or has another stand in for it, is back by
// then.
const patience = time.Minute

// patientTimeout bounds what an end or a move has to note, after which there is nobody who could.
const patientTimeout = patience + endTimeout

// patient is the store as a run sees it: what fails because the store is away is asked again. What was done the first time, and only not answered,
// is done again or refused: see alreadyDone. Requests ask the store itself, and tell who made them at once.
type patient struct {
	store Store
	away  func(error) bool
	log   *logrus.Entry
}

func (p patient) again(ctx context.Context, ask func() error) error {
	pause, begin := firstRetry, time.Now()
	for {
		err := ask()
		if err == nil || !p.away(err) || time.Since(begin) > patience {
			return err
		}
		if pause == firstRetry && ctx.Err() == nil {
			p.log.WithError(err).Warn("the database is away; waiting for it to come back")
		}
		if !sleep(ctx, pause) {
			return err
		}
		pause = min(pause*2, longRetry)
	}
}

func answer[T any](ctx context.Context, p patient, ask func() (T, error)) (found T, err error) {
	err = p.again(ctx, func() error {
		found, err = ask()
		return err
	})
	return found, err
}

func (p patient) MovePort(ctx context.Context, id string, portMin, portMax int, avoid []int) (int, error) {
	return answer(ctx, p, func() (int, error) { return p.store.MovePort(ctx, id, portMin, portMax, avoid) })
}

func (p patient) BecomeRunning(ctx context.Context, id string, at time.Time, took preview.Timings) error {
	return p.again(ctx, func() error { return p.store.BecomeRunning(ctx, id, at, took) })
}

func (p patient) BeginMove(ctx context.Context, id string, why preview.Reason) error {
	return p.again(ctx, func() error { return p.store.BeginMove(ctx, id, why) })
}

func (p patient) BeginEnd(ctx context.Context, id string, why preview.Reason) (preview.Preview, error) {
	return answer(ctx, p, func() (preview.Preview, error) { return p.store.BeginEnd(ctx, id, why) })
}

func (p patient) Finish(ctx context.Context, id string, status preview.Status, why preview.Reason, took preview.Timings) (preview.Preview, error) {
	return answer(ctx, p, func() (preview.Preview, error) { return p.store.Finish(ctx, id, status, why, took) })
}

func (p patient) SetPhase(ctx context.Context, id string, phase preview.Phase) error {
	return p.again(ctx, func() error { return p.store.SetPhase(ctx, id, phase) })
}

func (p patient) SetPlan(ctx context.Context, id string, info preview.PlanInfo) error {
	return p.again(ctx, func() error { return p.store.SetPlan(ctx, id, info) })
}

func (p patient) SetInstance(ctx context.Context, id, instanceID string) error {
	return p.again(ctx, func() error { return p.store.SetInstance(ctx, id, instanceID) })
}

func (p patient) SetNode(ctx context.Context, id, node, host string) error {
	return p.again(ctx, func() error { return p.store.SetNode(ctx, id, node, host) })
}

func (p patient) Preview(ctx context.Context, id string) (preview.Preview, error) {
	return answer(ctx, p, func() (preview.Preview, error) { return p.store.Preview(ctx, id) })
}

func (p patient) GenerationArchive(ctx context.Context, id string) ([]byte, error) {
	return answer(ctx, p, func() ([]byte, error) { return p.store.GenerationArchive(ctx, id) })
}
