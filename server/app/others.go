package app

import (
	"context"
	"time"

	"previewd/runtime/events"
	"previewd/runtime/logs"
	"previewd/runtime/preview"
	"previewd/server/replica"
	"previewd/storage"
)

const hearRetry = time.Second

// joinOthers makes what happens to previews here known to the other processes on the database.
func (a *App) joinOthers(context.Context) error {
	a.voice = replica.NewVoice(a.store, a.replica.Members, a.component("replica"))
	a.stack.Go("notices to others", loopEnd, a.voice.Run)
	return nil
}

// hearOthers begins to heed what they tell.
func (a *App) hearOthers(context.Context) error {
	a.stack.Go("notices of others", loopEnd, func(ctx context.Context) {
		for ctx.Err() == nil {
			if err := a.store.Hear(ctx, func(topic string, ids []string) { a.heard(ctx, topic, ids) }); err != nil && ctx.Err() == nil {
				a.component("replica").WithError(err).Debug("cannot hear the other previewd; will try again")
			}
			select {
			case <-ctx.Done():
			case <-time.After(hearRetry):
			}
		}
	})
	return nil
}

// announcer tells of the changes that this process makes, here and elsewhere.
type announcer struct {
	bus   *events.Bus
	voice *replica.Voice
	logs  *logs.Logs
}

// Publish waits for nobody. Readers of the log are told here, too: one who came after the last line was stored and before the row said
// that the preview has ended follows the store.
func (a announcer) Publish(p preview.Preview) {
	a.bus.Publish(p)
	a.logs.Changed(p.ID)
	a.voice.Say(storage.ToldStates, p.ID)
}

func (a *App) heard(ctx context.Context, topic string, ids []string) {
	switch topic {
	case storage.ToldLines:
		a.logs.Heard(ids...)
	case storage.ToldStates:
		for _, id := range ids {
			if p, err := a.store.Preview(ctx, id); err == nil {
				a.changed(p)
			}
		}
		a.logs.Changed(ids...)
	}
}

// changed heeds what another process did to a preview. One of this process can only have been stopped.
func (a *App) changed(p preview.Preview) {
	switch {
	case !a.launches.Owns(p.ID):
		a.bus.Publish(p)
	case p.Status == preview.Stopping:
		a.bus.Publish(p)
		a.launches.Noticed(p)
	}
}
