package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"strings"
	"sync"
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// tinyServer is the smallest honest web app. It tells who it is, so that a mix-up would show.
const tinyServer = `const http = require("node:http");
http.createServer((_, res) => res.end("%[1]s")).listen(process.env.PORT, "0.0.0.0", () => console.log("%[1]s listens"));
`

const tinyPackage = `{"name": "tiny", "private": true, "scripts": {"start": "node server.js"}}
`

// manyBench launches many previews at once and looks at what that costs previewd itself.
func manyBench(fs *flag.FlagSet) bench {
	previews := fs.Int("many-previews", 100, "previews launched at once")
	users := fs.Int("many-users", 10, "users who launch them")
	kb := fs.Int("many-kb", 0, "KB of random data beside each server")
	return bench{"many", "many previews of a tiny server launched at once: none lost, previewd's own memory", func(ctx context.Context, b *bed, r *report) error {
		return measureMany(ctx, b, r, b.jobs(*previews, *users, *kb))
	}}
}

func measureMany(ctx context.Context, b *bed, r *report, jobs []job) error {
	base, err := b.prepareMany(ctx, jobs)
	if err != nil {
		return err
	}
	progress("launching %d previews at once", len(jobs))
	begin := time.Now()
	if err := all(jobs, func(j *job) (err error) { _, j.launched, err = launch(ctx, j.user, j.id); return err }); err != nil {
		return err
	}
	r.add(fmt.Sprintf("%d previews launched at once, all running after", len(jobs)), time.Since(begin).Seconds(), "s")
	if err := all(jobs, func(j *job) error { return j.check(ctx) }); err != nil {
		return err
	}
	standing, _, err := b.resident()
	if err != nil {
		return err
	}
	begin = time.Now()
	if err := all(jobs, func(j *job) error { return j.user.Stop(ctx, j.id) }); err != nil {
		return err
	}
	stopped := time.Since(begin)
	left, err := b.settle(ctx, base)
	if err != nil {
		return err
	}
	after, peak, err := b.resident()
	if err != nil {
		return err
	}
	r.add("previewd's resident memory, largest from upload to stop", peak, "MB")
	r.atMost(100)
	r.add("  with all of them running", standing, "MB")
	r.add("  after the stop", after, "MB")
	r.add("all of them stopped after", stopped.Seconds(), "s")
	r.add("goroutines after the stop, over those before", float64(left-base), "")
	r.atMost(0)
	return nil
}

// prepareMany uploads all projects, builds the runtime image where it is missing, and returns how many goroutines an
// idle previewd has.
func (b *bed) prepareMany(ctx context.Context, jobs []job) (goroutines int, err error) {
	if err := b.forgetPeak(); err != nil {
		return 0, err
	}
	for _, j := range jobs {
		data := make([]byte, j.kb<<10)
		_, _ = rand.Read(data) // never fails
		files := map[string]string{"server.js": fmt.Sprintf(tinyServer, j.id), "package.json": tinyPackage, "data": string(data)}
		if err := putFiles(ctx, j.user, j.id, files); err != nil {
			return 0, err
		}
	}
	if _, _, err := launchAndStop(ctx, jobs[0].user, jobs[0].id); err != nil {
		return 0, err
	}
	return b.idle(ctx)
}

// job is one preview of many.
type job struct {
	id       string
	user     *client.Client
	kb       int
	launched client.Launched
}

func (b *bed) jobs(previews, users, kb int) []job {
	clients := make([]*client.Client, users)
	for i := range clients {
		clients[i] = b.user(fmt.Sprintf("user-%d", i))
	}
	jobs := make([]job, previews)
	for i := range jobs {
		jobs[i] = job{id: fmt.Sprintf("many-%d", i), user: clients[i%users], kb: kb}
	}
	return jobs
}

// check looks whether the preview still answers as itself and has its line in its log.
func (j *job) check(ctx context.Context) error {
	body, err := get(ctx, j.launched.BaseURL)
	if err != nil {
		return err
	}
	if string(body) != j.id {
		return fmt.Errorf("%s answers %q", j.launched.BaseURL, body)
	}
	for { // a line is stored within a moment
		logged := false
		if err := j.user.Logs(ctx, j.id, 0, func(l preview.LogLine) { logged = logged || strings.Contains(l.Message, j.id+" listens") }); err != nil || logged {
			return err
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
}

// all does the work for all jobs at once and returns the first error.
func all(jobs []job, work func(*job) error) error {
	var wg sync.WaitGroup
	failed := make(chan error, len(jobs))
	for i := range jobs {
		wg.Go(func() {
			if err := work(&jobs[i]); err != nil {
				failed <- fmt.Errorf("%s: %w", jobs[i].id, err)
			}
		})
	}
	wg.Wait()
	close(failed)
	return <-failed
}
