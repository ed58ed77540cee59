package docker

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"sync"
	"time"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
)

// stepLine is the builder's word, in one piece, for the container that it has just created for a step.
var stepLine = regexp.MustCompile(`^ ---> Running in ([0-9a-f]{12})\n$`)

// stepQueue is how many announcements may wait for one look at the engine's containers.
const stepQueue = 256

// stepLimiter bounds the processes of a build's steps. The build API has no such limit, but a container's limit can be
// changed while it runs: the build's output tells which one a step runs in. The change takes effect within
// milliseconds of the step's start, which is soon enough for a fork bomb. A step may print such lines itself, which
// costs it one look per stepQueue lines and gains nothing: only new containers without a limit get one.
type stepLimiter struct {
	b     *Backend
	pids  int64
	began time.Time
	out   io.Writer
	ids   chan string
	done  sync.WaitGroup
	end   context.CancelFunc // of the build

	mu     sync.Mutex
	failed error
}

// limitSteps returns a writer for the output of a build that begins now. The caller closes it after the last write. A
// step that cannot be limited ends the build.
func (b *Backend) limitSteps(ctx context.Context, pids int, out io.Writer, end context.CancelFunc) *stepLimiter {
	l := &stepLimiter{
		b: b, pids: int64(pids), out: out, end: end, ids: make(chan string, stepQueue),
		began: time.Now().Add(-time.Minute), // the engine's clock may be another
	}
	l.done.Go(func() { l.watch(ctx) })
	return l
}

// Write passes on what the builder says in one piece.
func (l *stepLimiter) Write(p []byte) (int, error) {
	if m := stepLine.FindSubmatch(p); m != nil && l.pids > 0 {
		l.ids <- string(m[1])
	}
	return l.out.Write(p)
}

// close waits for what is under way and returns why a step could not be limited.
func (l *stepLimiter) close() error {
	close(l.ids)
	l.done.Wait()
	return l.failed
}

func (l *stepLimiter) fail(ctx context.Context, err error) {
	if err == nil || ctx.Err() != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failed = fmt.Errorf("limit the processes of a step: %w", err)
	l.end()
}

func (l *stepLimiter) watch(ctx context.Context) {
	for id := range l.ids {
		announced := map[string]bool{id: true}
		for len(l.ids) > 0 { // only this goroutine takes from it
			announced[<-l.ids] = true
		}
		l.fail(ctx, l.limitAll(ctx, announced))
	}
}

// limitAll looks up which of the announced containers there are. A change waits until the container has started, and
// must not hold up the next one.
func (l *stepLimiter) limitAll(ctx context.Context, announced map[string]bool) error {
	list, err := l.b.api.ContainerList(ctx, container.ListOptions{All: true})
	if err != nil {
		return EngineError("list containers", err)
	}
	for _, c := range list {
		if announced[short(c.ID)] && !time.Unix(c.Created, 0).Before(l.began) {
			l.done.Go(func() { l.fail(ctx, l.limit(ctx, c.ID)) })
		}
	}
	return nil
}

func (l *stepLimiter) limit(ctx context.Context, id string) error {
	if open, err := l.unlimited(ctx, id); err != nil || !open {
		return err
	}
	_, err := l.b.api.ContainerUpdate(ctx, id, container.UpdateConfig{Resources: container.Resources{PidsLimit: &l.pids}})
	if err == nil {
		return nil
	}
	if open, inspectErr := l.unlimited(ctx, id); inspectErr == nil && !open {
		return nil // the step ended meanwhile, for which the engine has no error of its own
	}
	return EngineError("update "+short(id), err)
}

// unlimited reports whether a container runs, or is about to, without a limit of its processes. Instances have theirs.
func (l *stepLimiter) unlimited(ctx context.Context, id string) (bool, error) {
	c, err := l.b.api.ContainerInspect(ctx, id)
	if cerrdefs.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, EngineError("inspect "+short(id), err)
	}
	limit := c.HostConfig.PidsLimit
	alive := c.State.Running || c.State.Status == container.StateCreated
	return alive && (limit == nil || *limit <= 0), nil
}
