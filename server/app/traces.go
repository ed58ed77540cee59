package app

import (
	"context"
	"time"

	"previewd/runtime/tracing"
)

// tracesEnd is how long the last spans may take to reach the collector.
const tracesEnd = 3 * time.Second

// startTraces makes traces where there is a collector for them. They are begun first and so end last.
func (a *App) startTraces(ctx context.Context) (err error) {
	a.traces, err = tracing.New(ctx, tracing.Options{Settings: a.Config.Traces, Version: a.Built.Version, Log: a.component("traces")})
	a.stack.Push("traces", tracesEnd+time.Second, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, tracesEnd)
		defer cancel()
		a.traces.Close(ctx)
		return nil
	})
	return err
}
