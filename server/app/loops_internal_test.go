package app

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"
)

// TestWhatCannotBeSettledIsLeft has an engine that is stuck in the removal of a container, and one that cannot remove it.
func TestWhatCannotBeSettledIsLeft(t *testing.T) {
	for name, look := range map[string]func(context.Context) error{
		"it never ends": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		"it fails":      func(context.Context) error { return errors.New("remove c: device or resource busy") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log, said := logtest.NewNullLogger()
				New(Options{Log: logrus.NewEntry(log)}).settle(t.Context(), "reconcile", look)
				if e := said.LastEntry(); e == nil || e.Level != logrus.WarnLevel {
					t.Errorf("it says %v", e)
				}
			})
		})
	}
}
