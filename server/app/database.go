package app

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"previewd/runtime/preview"
	"previewd/server/replica"
	"previewd/storage"
	"previewd/storage/embedded"
)

// openDatabase connects to the configured database, or starts a private one, and brings its schema up to date.
func (a *App) openDatabase(ctx context.Context) error {
	url := string(a.Config.DatabaseURL)
	if url == "" {
		private, err := a.startPrivateDatabase(ctx)
		if err != nil {
			return err
		}
		url = private
	}
	process := preview.NewID()
	store, err := storage.Open(ctx, url, storage.Options{Webhooks: a.Config.WebhookURL != "", Process: process})
	if err != nil {
		return err
	}
	a.store = store
	a.stack.Push("database connections", 5*time.Second, func(context.Context) error { return store.Close() })
	if err := bringUp(ctx, store, a.component("database"), othersEnd); err != nil {
		return err
	}
	if a.owner, err = store.Owner(ctx); err != nil {
		return err
	}
	return a.join(ctx, process)
}

// join makes this process one of those on the database, and renews that for as long as the database is needed.
func (a *App) join(ctx context.Context, process string) (err error) {
	a.replica, err = replica.Join(ctx, replica.Options{ID: process, Locks: a.store, Sessions: a.store, Log: a.component("replica")})
	if err != nil {
		return err
	}
	a.stack.Go("membership", loopEnd, func(ctx context.Context) { a.replica.Run(ctx, a.returned) })
	return nil
}

// returned lets go of what other processes took over while this one was stopped or cut off.
func (a *App) returned(ctx context.Context) error {
	if s := a.running.Load(); s != nil {
		return s.LetGo(ctx)
	}
	return nil
}

func (a *App) startPrivateDatabase(ctx context.Context) (url string, err error) {
	server, err := embedded.Start(ctx, embedded.Options{
		Dir: filepath.Join(a.Config.DataDir, "postgres"), Log: a.component("postgres"),
	})
	if err != nil {
		return "", err
	}
	stopping := make(chan struct{})
	a.stack.Push("private database", 10*time.Second, func(ctx context.Context) error {
		close(stopping)
		return server.Stop(ctx)
	})
	go func() {
		<-server.Done()
		select {
		case <-stopping:
		default:
			a.fail(errors.New("the private PostgreSQL ended; its log is in the data folder"))
		}
	}()
	return server.URL(), nil
}
