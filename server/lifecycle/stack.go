// Package lifecycle ends what a program started, last in first out, each within its own time.
package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
)

// Stack collects cleanups. Register one the moment its resource exists.
type Stack struct {
	log *logrus.Entry

	mu    sync.Mutex
	steps []step
}

type step struct {
	name   string
	within time.Duration
	end    func(context.Context) error
}

// NewStack returns an empty Stack.
func NewStack(log *logrus.Entry) *Stack { return &Stack{log: log} }

// Push registers a cleanup that gets at most within.
func (s *Stack) Push(name string, within time.Duration, end func(context.Context) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.steps = append(s.steps, step{name, within, end})
}

// Go runs work until its context ends, which Close does first and then waits for it at most within.
func (s *Stack) Go(name string, within time.Duration, work func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); work(ctx) }()
	s.Push(name, within, func(bound context.Context) error {
		cancel()
		select {
		case <-done:
			return nil
		case <-bound.Done():
			return bound.Err()
		}
	})
}

// Close runs every cleanup once, the last registered first. A cleanup that fails or takes too long doesn't keep the
// others from running.
func (s *Stack) Close() error {
	s.mu.Lock()
	steps := s.steps
	s.steps = nil
	s.mu.Unlock()
	var failed []error
	for i := len(steps) - 1; i >= 0; i-- {
		if err := s.run(steps[i]); err != nil {
			failed = append(failed, fmt.Errorf("end %s: %w", steps[i].name, err))
		}
	}
	return errors.Join(failed...)
}

func (s *Stack) run(st step) error {
	ctx, cancel := context.WithTimeout(context.Background(), st.within)
	defer cancel()
	begin := time.Now()
	err := st.end(ctx)
	s.log.WithFields(logrus.Fields{"step": st.name, "took_ms": time.Since(begin).Milliseconds()}).Debug("ended")
	return err
}
