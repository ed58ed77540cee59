package app_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

const (
	killRounds = 8
	// killSeedEnv repeats a run, as far as the machine lets it.
	killSeedEnv = "PREVIEWD_TEST_SEED"
)

// crash ends by itself soon after it has answered.
var crash = map[string]string{"server.js": `
require("node:http").createServer((_, response) => response.end("once")).listen(process.env.PORT);
setTimeout(() => process.exit(3), 1500);
`}

// soon opens its port a moment after its start.
var soon = map[string]string{"server.js": `
const server = require("node:http").createServer((_, response) => response.end("soon"));
setTimeout(() => server.listen(process.env.PORT), 700);
`}

// TestKilledAtRandom kills previewd again and again at random moments of launches, stops and replaces, of its own start
// and of its own end. One calm start then has to put everything right.
func TestKilledAtRandom(t *testing.T) {
	t.Parallel()
	random := newRandom(t)
	i := newInstallation(t, theEngine(t))
	environ := i.settings(60)
	first := spawnReady(t, environ)
	projects := map[string]*project{}
	for name, files := range map[string]map[string]string{
		"page": page, "counter": counter, "install": slowInstall(1), "soon": soon, "crash": crash,
	} {
		projects[name] = first.uploadFiles(nameOf(t, name), files)
	}
	first.kill()
	for range killRounds {
		p := spawn(t, environ)
		quiet := func() {}
		if random.IntN(4) > 0 {
			p.ready()
			quiet = disturb(t, p, projects, random)
		}
		<-time.After(random.within(100*time.Millisecond, 2*time.Second))
		if random.IntN(4) == 0 { // in the middle of its own shutdown
			_ = p.cmd.Process.Signal(syscall.SIGTERM)
			<-time.After(random.within(0, 500*time.Millisecond))
		}
		p.kill()
		quiet()
	}
	t.Logf("%d launches before the last kill", i.count(`select count(*) from previews`))

	calm := spawnReady(t, environ)
	i.settle(t)
	i.engineAgrees(t)
	for name, p := range projects {
		p = p.on(calm.service)
		p.launch()
		if name == "crash" {
			if end := p.ended(); end.Reason != preview.AppExited || end.ExitCode == nil || *end.ExitCode != 3 {
				t.Errorf("%s ended for %s: %s", name, end.Reason, end.Message)
			}
			continue
		}
		after := p.until("settled", func(s client.Status) bool { return s.Status != preview.Starting })
		if code, _, err := tryGet(t.Context(), after.BaseURL); after.Status != preview.Running || code != 200 {
			t.Errorf("%s is %s for %s and answers %d, %v\n%s", name, after.Status, after.Reason, code, err, p.log())
		}
	}
	i.settle(t)
	i.engineAgrees(t)
	i.everyEndIsTrue(t)
	calm.term()
	i.noLeases()
	i.nothingOf(i.owner)
	for _, image := range i.list("images", "previewd.owner="+i.owner) {
		if len(image.RepoTags) == 0 {
			t.Errorf("an image without a name is left: %s", image.ID)
		}
	}
	if !eventually(patience, i.nobodyConnected) {
		t.Error("sessions on the database are left")
	}
}

// disturb launches and stops the projects at random, all at once, until quiet is called.
func disturb(t *testing.T, p *process, projects map[string]*project, random *randomness) (quiet func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for _, project := range projects {
		project := project.on(p.service)
		all.Go(func() {
			for ctx.Err() == nil {
				var err error
				if random.IntN(3) > 0 {
					_, err = project.Launch(ctx, project.id, client.LaunchRequest{ProjectID: "tests"})
				} else {
					err = project.Stop(ctx, project.id)
				}
				var problem *client.Problem
				if errors.As(err, &problem) && problem.Status >= 500 && problem.Status != http.StatusServiceUnavailable { // it shuts down
					t.Errorf("%s: %v", project.id, err)
				}
				select {
				case <-ctx.Done():
				case <-time.After(random.within(0, 400*time.Millisecond)):
				}
			}
		})
	}
	return func() { cancel(); all.Wait() }
}

// settle waits until nothing is on its way any more.
func (i *installation) settle(t *testing.T) {
	t.Helper()
	if !eventually(patience, func() bool {
		return i.count(`select count(*) from previews where status in ('starting', 'stopping')`) == 0
	}) {
		t.Fatal("previews do not settle")
	}
}

// engineAgrees waits until the engine has a container for every running preview and no other one.
func (i *installation) engineAgrees(t *testing.T) {
	t.Helper()
	var running int
	var found []thing
	if !eventually(takeOver, func() bool {
		found = i.list("containers", "previewd.owner="+i.owner)
		running = i.count(`select count(*) from previews where status = 'running'`)
		matched := 0
		for _, c := range found {
			matched += i.count(`select count(*) from previews where status = 'running' and instance_id = $1`, c.ID)
		}
		return matched == running && len(found) == running
	}) {
		t.Errorf("%d previews run, and the engine has %+v", running, found)
	}
}

// everyEndIsTrue checks the reasons of all that has ended: nobody but users, shutdowns and the crashing app ended anything.
func (i *installation) everyEndIsTrue(t *testing.T) {
	t.Helper()
	rows, err := i.QueryContext(t.Context(), `
		select generation_id, status, coalesce(reason ->> 'code', ''), count(*)
		from   previews
		where  status in ('stopped', 'failed')
		group  by 1, 2, 3`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	crashing := generationName(nameOf(t, "crash"))
	for rows.Next() {
		var generation, status, code string
		var n int
		if err := rows.Scan(&generation, &status, &code, &n); err != nil {
			t.Fatal(err)
		}
		switch {
		case status == string(preview.Stopped) && slices.Contains([]preview.Code{preview.User, preview.Replaced, preview.Shutdown}, preview.Code(code)):
		case status == string(preview.Failed) && code == string(preview.AppExited) && generation == crashing:
		default:
			t.Errorf("%d previews of %s are %s for %q", n, generation, status, code)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// randomness may be used by several goroutines.
type randomness struct {
	mu sync.Mutex
	*rand.Rand
}

func newRandom(t *testing.T) *randomness {
	t.Helper()
	seed := rand.Uint64()
	if given := os.Getenv(killSeedEnv); given != "" {
		var err error
		if seed, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%s=%d", killSeedEnv, seed)
	return &randomness{Rand: rand.New(rand.NewPCG(seed, 0))}
}

func (r *randomness) IntN(n int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.Rand.IntN(n)
}

func (r *randomness) within(low, high time.Duration) time.Duration {
	return low + time.Duration(r.IntN(int(high-low)))
}
