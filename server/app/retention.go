package app

import (
	"context"
	"time"
)

// How often what is old is looked for.
const (
	trimEvery  = time.Minute // meanwhile a preview may write as many lines as the limit of floods lets it
	pruneEvery = 10 * time.Minute
	evictEvery = time.Minute
)

// every is a loop that does work time and again until ctx ends. What failed is tried again the next time.
func (a *App) every(component string, pause time.Duration, work func(context.Context) error) func(context.Context) {
	return func(ctx context.Context) {
		ticker := time.NewTicker(pause)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			if err := work(ctx); err != nil && ctx.Err() == nil {
				a.component(component).WithError(err).Warn("periodic work failed; will try again")
			}
		}
	}
}

// trimLogs bounds the logs and removes those of deleted previews. One process does it for all.
func (a *App) trimLogs(ctx context.Context) error {
	if !a.replica.Leads(ctx) {
		return nil
	}
	if err := a.store.AddLogPartitions(ctx); err != nil {
		return err
	}
	if _, err := a.store.RemoveDiscardedLogs(ctx); err != nil {
		return err
	}
	if _, err := a.store.PruneRateWindows(ctx); err != nil {
		return err
	}
	if a.Config.LogMaxLines == 0 {
		return nil
	}
	_, err := a.store.TrimLogs(ctx, int64(a.Config.LogMaxLines))
	return err
}

// pruneRows removes what is past its age: whole days of logs first, then what is left one by one.
func (a *App) pruneRows(ctx context.Context) error {
	if !a.replica.Leads(ctx) {
		return nil
	}
	before := time.Now().AddDate(0, 0, -a.Config.LogRetentionDays)
	for _, prune := range []func(context.Context, time.Time) (int64, error){
		a.store.DropLogPartitions, a.store.PruneLogs, a.store.PrunePreviews, a.store.PruneLaunchWindows, a.store.PruneEvents,
	} {
		if _, err := prune(ctx, before); err != nil {
			return err
		}
	}
	return nil
}

// keepImages also looks at once, so that the metrics have the cache's size.
func (a *App) keepImages(ctx context.Context) {
	if err := a.evictImages(ctx); err != nil && ctx.Err() == nil {
		a.component("images").WithError(err).Warn("cannot look at the cached images")
	}
	a.every("images", evictEvery, a.evictImages)(ctx)
}

// evictImages holds cached dependencies to their budget, on this process's engine.
func (a *App) evictImages(ctx context.Context) error {
	_, err := a.images.Evict(ctx)
	return err
}
