package app

import (
	"context"
	"time"

	"previewd/runtime/logs"
	"previewd/storage"
)

// logsEnd is how long the last batch of log lines may take to reach the database.
const logsEnd = 10 * time.Second

// startLogs starts the writer of the previews' logs. It ends after the previews and before the database.
func (a *App) startLogs(ctx context.Context) error {
	if err := a.store.AddLogPartitions(ctx); err != nil {
		return err
	}
	a.logs = logs.New(logs.Options{
		Store: a.store, Log: a.component("logs"), LineRate: orUnbounded(a.Config.LogLineRate), ByteRate: orUnbounded(a.Config.LogByteRate),
		Hold: a.replica.Hold, Stored: func(previewID string) { a.voice.Say(storage.ToldLines, previewID) },
	})
	a.stack.Go("logs", logsEnd, func(ctx context.Context) {
		if err := a.logs.Run(ctx); err != nil && ctx.Err() == nil {
			a.fail(err)
		}
	})
	return nil
}

// orUnbounded turns the setting that is off into the option that is: there, 0 is the default.
func orUnbounded(rate int) int {
	if rate == 0 {
		return -1
	}
	return rate
}
