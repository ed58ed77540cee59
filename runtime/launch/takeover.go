package launch

import (
	"context"
	"errors"
	"time"

	"previewd/runtime/preview"
)

// Adopt takes over a running preview whose earlier process died: logs go on and its end is noticed again.
func (s *Service) Adopt(row preview.Preview) error {
	_, err := s.begin(context.Background(), row, (*run).adopt)
	return err
}

// Resume starts a preview again from the first stage: its earlier process died while it was starting. One that ran before was
// on its way to another machine.
func (s *Service) Resume(row preview.Preview) error {
	_, err := s.begin(context.Background(), row, func(r *run) *preview.Reason {
		if row.RunningAt != nil {
			r.moving = "before previewd was restarted"
		}
		return r.startFromScratch()
	})
	return err
}

// Discard ends a preview that nobody runs any more and removes what is left of it.
func (s *Service) Discard(row preview.Preview) error {
	_, err := s.begin(context.Background(), row, (*run).discard)
	return err
}

// Release lets go of a preview that another process took over. Its instance and its row are that one's.
func (s *Service) Release(previewID string) {
	if r := s.run(previewID); r != nil {
		r.cancel(errDetached)
	}
}

// LetGo lets go of all previews that other processes took over while this one was stopped or cut off from the database.
func (s *Service) LetGo(ctx context.Context) error {
	running := s.ids() // before the look: what is launched meanwhile is in neither
	own, err := s.Store.PreviewsOf(ctx, s.Launcher)
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	for _, id := range running {
		taken[id] = true
	}
	for _, id := range own {
		delete(taken, id)
	}
	for id := range taken {
		s.Release(id)
	}
	return nil
}

// removeLeftover removes the instance of an earlier try of the same launch, after it has read to the end what that wrote.
func (r *run) removeLeftover() {
	if r.instanceID == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx), endTimeout) // who stops the launch meanwhile waits for it
	defer cancel()
	err := r.stopInstance(ctx)
	if err == nil {
		err = r.removeInstance(ctx)
	}
	if err != nil {
		r.log.WithError(err).Warn("cannot remove the instance of an earlier try")
	}
	r.instanceID, r.row.InstanceID = "", ""
}

// Fail ends a running preview of this process for a reason that previewd found, such as a full disk.
func (s *Service) Fail(previewID string, reason *preview.Reason) {
	if r := s.run(previewID); r != nil {
		r.cancel(reason)
	}
}

// eventsRetry is the pause before the engine's events are asked for again.
const eventsRetry = time.Second

// Run listens to the engine's events until ctx ends. Events only make things faster and reasons better; the watch
// of each instance and the reconcile loop are what is relied upon.
func (s *Service) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := s.listen(ctx); err != nil && !errors.Is(err, context.Canceled) {
			s.Log.WithError(err).Debug("the engine's events broke off")
		}
		sleep(ctx, eventsRetry)
	}
}

func (s *Service) listen(ctx context.Context) error {
	events, broken := s.Engine.Events(ctx)
	for {
		select {
		case event, open := <-events:
			if !open {
				return nil
			}
			if r := s.run(event.PreviewID); r != nil && event.Kind == preview.EventOOM {
				r.oom()
			}
		case err := <-broken:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
