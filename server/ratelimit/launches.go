package ratelimit

import (
	"context"

	"previewd/runtime/preview"
)

// LaunchBudgets knows what a user's rate of launches leaves.
type LaunchBudgets interface {
	LaunchBudget(ctx context.Context, user string, rate preview.Rate) (preview.Budget, error)
}

// Launches looks at what is counted elsewhere: in the transaction that accepts a launch, so that the limit holds for
// all replicas together and a refused launch costs nothing.
type Launches struct {
	Budgets LaunchBudgets
	Rate    preview.Rate
}

// Take refuses a user who has no launch left.
func (l Launches) Take(ctx context.Context, user string) (preview.Budget, error) {
	if !l.Rate.On() {
		return preview.Budget{}, nil
	}
	budget, err := l.Budgets.LaunchBudget(ctx, user, l.Rate)
	if err == nil && budget.Remaining == 0 {
		err = &preview.RateError{Of: preview.CountedLaunches, Rate: l.Rate, Reset: budget.Reset}
	}
	return budget, err
}
