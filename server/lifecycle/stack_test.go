package lifecycle_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/sirupsen/logrus/hooks/test"

	"previewd/server/lifecycle"
)

func stack() *lifecycle.Stack {
	logger, _ := test.NewNullLogger()
	return lifecycle.NewStack(logrus.NewEntry(logger))
}

func TestClosesInReverseOnceAndJoinsErrors(t *testing.T) {
	s := stack()
	var order []string
	broken := errors.New("broken")
	for _, name := range []string{"database", "engine", "http"} {
		s.Push(name, time.Second, func(context.Context) error {
			order = append(order, name)
			if name == "engine" {
				return broken
			}
			return nil
		})
	}
	err := s.Close()
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "end engine") {
		t.Errorf("Close = %v", err)
	}
	if want := []string{"http", "engine", "database"}; !slices.Equal(order, want) {
		t.Errorf("closed %v, want %v", order, want)
	}
	if err := s.Close(); err != nil || len(order) != 3 {
		t.Errorf("a second Close = %v, closed %v", err, order)
	}
}

func TestEndsBackgroundWorkAndWaitsForIt(t *testing.T) {
	s := stack()
	ended := false
	s.Go("loop", time.Second, func(ctx context.Context) { <-ctx.Done(); ended = true })
	if err := s.Close(); err != nil || !ended {
		t.Errorf("Close = %v, ended %v", err, ended)
	}
}

func TestAStepThatHangsIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := stack()
		release := make(chan struct{})
		first := false
		s.Push("first", time.Second, func(context.Context) error { first = true; return nil })
		s.Go("stuck", 2*time.Second, func(context.Context) { <-release })
		begin := time.Now()
		err := s.Close()
		if !errors.Is(err, context.DeadlineExceeded) || !first || time.Since(begin) != 2*time.Second {
			t.Errorf("Close = %v after %v, first ran: %v", err, time.Since(begin), first)
		}
		close(release)
	})
}
