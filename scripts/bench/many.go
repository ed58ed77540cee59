package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"previewd/server/client"
)

// tinyServer is the smallest honest web app.
const tinyServer = `const http = require("node:http");
http.createServer((_, res) => res.end("ok")).listen(process.env.PORT, "0.0.0.0");
`

const tinyPackage = `{"name": "tiny", "private": true, "scripts": {"start": "node server.js"}}
`

// benchMany launches many previews at once and looks at what that costs previewd itself.
func benchMany(ctx context.Context, b *bed, o options, r *report) error {
	jobs, err := b.jobs(ctx, o)
	if err != nil {
		return err
	}
	if _, _, err := timedLaunch(ctx, jobs[0].user, jobs[0].id); err != nil { // builds the runtime image on first need
		return err
	}
	base, err := b.goroutines(ctx)
	if err != nil {
		return err
	}
	progress("launching %d previews by %d users at once", o.previews, o.users)
	watch := watchRSS(b)
	begin := time.Now()
	err = each(jobs, func(j job) error {
		if _, _, err := launchOnly(ctx, j.user, j.id); err != nil {
			return err
		}
		_, err := awaitRunning(ctx, j.user, j.id)
		return err
	})
	wall := time.Since(begin)
	if err != nil {
		return err
	}
	r.add(fmt.Sprintf("%d previews launched at once, all running after", o.previews), wall.Seconds(), "s")
	r.atMost("previewd's resident memory meanwhile, largest", watch(), "MB", 100)
	begin = time.Now()
	if err := each(jobs, func(j job) error { return j.user.Stop(ctx, j.id) }); err != nil {
		return err
	}
	r.add("all of them stopped after", time.Since(begin).Seconds(), "s")
	left, err := b.settle(ctx, base)
	if err != nil {
		return err
	}
	r.atMost("goroutines after the stop, over those before", float64(left-base), "", 5)
	return nil
}

type job struct {
	id   string
	user *client.Client
}

func (b *bed) jobs(ctx context.Context, o options) ([]job, error) {
	users := make([]*client.Client, o.users)
	for i := range users {
		users[i] = b.user(fmt.Sprintf("user-%d", i))
	}
	jobs := make([]job, o.previews)
	for i := range jobs {
		jobs[i] = job{fmt.Sprintf("many-%d", i), users[i%len(users)]}
		files := map[string]string{"server.js": tinyServer, "package.json": tinyPackage}
		if err := b.putFiles(ctx, jobs[i].user, jobs[i].id, files); err != nil {
			return nil, err
		}
	}
	return jobs, nil
}

// each runs the work for all jobs at once and returns the first error.
func each(jobs []job, work func(job) error) error {
	var wg sync.WaitGroup
	failed := make(chan error, len(jobs))
	for _, j := range jobs {
		wg.Go(func() {
			if err := work(j); err != nil {
				failed <- fmt.Errorf("%s: %w", j.id, err)
			}
		})
	}
	wg.Wait()
	close(failed)
	return <-failed
}

// watchRSS samples the child's memory until the returned function is called, which tells the largest, in MB.
func watchRSS(b *bed) func() float64 {
	stop, largest := make(chan struct{}), make(chan float64)
	go func() {
		most := b.rss()
		for ticker := time.NewTicker(50 * time.Millisecond); ; {
			select {
			case <-stop:
				ticker.Stop()
				largest <- max(most, b.rss())
				return
			case <-ticker.C:
				most = max(most, b.rss())
			}
		}
	}()
	return func() float64 { close(stop); return <-largest }
}

// settle waits until previewd has about as many goroutines as before, for at most ten seconds.
func (b *bed) settle(ctx context.Context, base int) (int, error) {
	deadline := time.Now().Add(10 * time.Second)
	for {
		n, err := b.goroutines(ctx)
		if err != nil || n <= base || time.Now().After(deadline) {
			return n, err
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return n, err
		}
	}
}
