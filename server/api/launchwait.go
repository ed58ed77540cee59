package api

import (
	"context"
	"fmt"
	"time"

	"previewd/runtime/preview"
)

// waitSlack is what a launch may need beside its install and the app's start: its turn, files, an instance.
const waitSlack = time.Minute

// waitFor waits until the preview runs or has ended, for as long as the timeouts of its launch allow and the service serves.
// After that the preview is told as it is: the launch goes on, and its status can be asked for.
func (a *API) waitFor(ctx context.Context, p preview.Preview) (preview.Preview, error) {
	waiting, cancel := context.WithTimeout(ctx, a.longestLaunch(p))
	defer cancel()
	go func() {
		select {
		case <-a.Done:
			cancel()
		case <-waiting.Done():
		}
	}()
	settled, err := a.Previews.Wait(waiting, p.ID)
	if waiting.Err() == nil || ctx.Err() != nil {
		return settled, err
	}
	if p, err = a.Rows.Preview(ctx, p.ID); err != nil {
		return p, fmt.Errorf("look after the wait: %w", err)
	}
	return p, nil
}

func (a *API) longestLaunch(p preview.Preview) time.Duration {
	startup := time.Duration(p.Request.StartupTimeoutSeconds) * time.Second
	return a.Config.InstallTimeout.Duration() + startup + waitSlack
}
