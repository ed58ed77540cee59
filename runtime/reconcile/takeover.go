package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"previewd/runtime/preview"
)

// takenAtOnce bounds how many rows one statement locks.
const takenAtOnce = 1000

// errChanged says that a preview ended, was taken over or changed its state since the look. What is to be done about it, the next one tells.
var errChanged = errors.New("the preview has changed")

// takeOver does what there is to do to previews that nobody runs, oldest first of each process that left some.
func (l *Loop) takeOver(ctx context.Context, actions []Action) error {
	var names []string
	left := map[string][]Action{}
	for _, a := range actions {
		if !a.takesOver() {
			continue
		}
		from := a.Claim.Launcher
		if left[from] == nil {
			names = append(names, from)
		}
		left[from] = append(left[from], a)
	}
	var failed []error
	for _, from := range names {
		if from != nobody && from != l.Processes.Self() {
			l.Processes.Expel(ctx, from)
		}
		for part := range slices.Chunk(left[from], takenAtOnce) {
			failed = append(failed, l.take(ctx, from, part))
		}
	}
	return errors.Join(failed...)
}

// take makes this process responsible for previews of another one, and then goes on with each.
func (l *Loop) take(ctx context.Context, from string, actions []Action) error {
	ids := make([]string, len(actions))
	for i, a := range actions {
		ids[i] = a.Claim.ID
	}
	rows, err := l.Rows.TakeOver(ctx, ids, from, l.Processes.Self())
	taken := make(map[string]preview.Preview, len(rows))
	for _, row := range rows {
		taken[row.ID] = row
	}
	failed := []error{err}
	for _, a := range actions {
		row, ours := taken[a.Claim.ID]
		switch {
		case err != nil:
			l.Metrics.did(a.Verb, err)
		case !ours || row.Status != a.Claim.Status:
			l.Metrics.did(a.Verb, errChanged)
		default:
			failed = append(failed, l.done(a, l.goOn(a, row)))
		}
	}
	return errors.Join(failed...)
}

// done counts an action, and tells in its error what failed.
func (l *Loop) done(a Action, err error) error {
	l.Metrics.did(a.Verb, err)
	if err != nil {
		return fmt.Errorf("%s %s%s: %w", a.Verb, a.Claim.ID, a.Instance.ID, err)
	}
	return nil
}

func (l *Loop) goOn(a Action, row preview.Preview) error {
	l.note(a)
	row.InstanceID = cmp.Or(a.Claim.InstanceID, row.InstanceID) // the row may not tell what the engine has
	switch a.Verb {
	case Adopt:
		return l.Launches.Adopt(row)
	case Resume:
		return l.Launches.Resume(row)
	default:
		return l.Launches.Discard(row)
	}
}
