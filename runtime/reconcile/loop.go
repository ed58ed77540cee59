package reconcile

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
)

// Engine lists and removes this installation's instances.
type Engine interface {
	List(ctx context.Context) ([]preview.Instance, error)
	Remove(ctx context.Context, id string) error
}

// Rows are the previews the database calls active.
type Rows interface {
	Claims(ctx context.Context) ([]preview.Claim, error)
	StoppingPreviewsOf(ctx context.Context, launcher string) ([]preview.Preview, error)
	// Launchers names the processes that are responsible for active previews.
	Launchers(ctx context.Context) ([]string, error)
	// TakeOver makes one process responsible for those previews that another one still is, and returns these.
	TakeOver(ctx context.Context, previewIDs []string, from, to string) ([]preview.Preview, error)
}

// Launches are the previews of this process.
type Launches interface {
	Owns(previewID string) bool
	Adopt(row preview.Preview) error
	Resume(row preview.Preview) error
	Discard(row preview.Preview) error
	Noticed(row preview.Preview)
	Release(previewID string)
}

// Processes tells which previewd processes on the database live, and whether this one leads them.
type Processes interface {
	Self() string
	Alive(ctx context.Context, launcher string) bool
	Leads(ctx context.Context) bool
	// Expel cuts a dead one off from the database: it may only be stopped.
	Expel(ctx context.Context, launcher string)
}

// Options wire a Loop.
type Options struct {
	Engine     Engine
	Rows       Rows
	Launches   Launches
	Processes  Processes
	Every      time.Duration
	Notice     time.Duration // how soon a stop that another process was asked for is noticed, and the death of one
	InstallAge time.Duration
	// OnReturn runs before the first look after the engine was away: its networks and firewall may be gone.
	OnReturn func(context.Context) error
	Log      *logrus.Entry
	Metrics  *Metrics // nil counts nothing
}

// Loop reconciles at the start and then periodically.
type Loop struct {
	Options
	away bool

	looked time.Time            // when it last looked, zero before
	dead   map[string]time.Time // processes that were dead then, and since when
}

// certain is how long a process must be seen dead before its previews are taken over: a living one whose connection to
// the database was lost has its lock back sooner. At the start nothing is waited for.
const certain = 3 * time.Second

// askTime bounds what the engine is asked for, so that one container whose removal it is stuck in holds up nothing else for long.
const askTime = 30 * time.Second

// nobody is responsible for previews that their process left behind when it ended.
const nobody = ""

// New returns a Loop that has not looked yet.
func New(o Options) *Loop { return &Loop{Options: o} }

// Run looks every interval until ctx ends.
func (l *Loop) Run(ctx context.Context) {
	ticker, notice := time.NewTicker(l.Every), time.NewTicker(l.Notice)
	defer ticker.Stop()
	defer notice.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			err = l.Once(ctx)
		case <-notice.C:
			err = errors.Join(l.notice(ctx), l.succeed(ctx))
		}
		if err != nil && ctx.Err() == nil {
			l.Log.WithError(err).Warn("reconcile failed; will try again")
		}
	}
}

// notice ends what another process on the database set to stopping and only this one can end.
func (l *Loop) notice(ctx context.Context) error {
	rows, err := l.Rows.StoppingPreviewsOf(ctx, l.Processes.Self())
	if err != nil {
		return fmt.Errorf("read stopping previews: %w", err)
	}
	for _, row := range rows {
		l.Launches.Noticed(row)
	}
	return nil
}

// Once looks and acts. Every action is tried; the errors are joined.
func (l *Loop) Once(ctx context.Context) error {
	begin := time.Now()
	defer func() { l.Metrics.took(time.Since(begin)) }()
	instances, err := l.list(ctx)
	if err != nil {
		l.away = l.away || errors.Is(err, preview.ErrEngineUnavailable)
		return fmt.Errorf("list instances: %w", err)
	}
	if l.away && l.OnReturn != nil {
		if err := l.OnReturn(ctx); err != nil {
			return fmt.Errorf("after the engine's return: %w", err)
		}
	}
	l.away = false
	claims, err := l.Rows.Claims(ctx)
	if err != nil {
		return fmt.Errorf("read active previews: %w", err)
	}
	return l.act(ctx, Plan(l.world(ctx, instances, claims)))
}

func (l *Loop) list(ctx context.Context) ([]preview.Instance, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	return l.Engine.List(ctx)
}

// succeed looks at once when the previews of a process that is dead for certain wait to be taken over.
func (l *Loop) succeed(ctx context.Context) error {
	names, err := l.Rows.Launchers(ctx)
	if err != nil {
		return fmt.Errorf("read launchers: %w", err)
	}
	lives := l.census(ctx, names)
	again := time.Since(l.looked) < time.Second // what failed is not tried at every notice
	if again || !slices.ContainsFunc(names, func(name string) bool { return name != l.Processes.Self() && !lives[name] }) || !l.Processes.Leads(ctx) {
		return nil
	}
	return l.Once(ctx)
}

func (l *Loop) world(ctx context.Context, instances []preview.Instance, claims []preview.Claim) World {
	launchers := map[string]bool{}
	for _, c := range claims {
		launchers[c.Launcher] = true
	}
	alive := l.census(ctx, slices.Collect(maps.Keys(launchers)))
	l.looked = time.Now()
	return World{
		Instances: instances, Claims: claims, Now: l.looked, InstallAge: l.InstallAge, Self: l.Processes.Self(),
		Own: l.Launches.Owns, Alive: func(launcher string) bool { return alive[launcher] },
	}
}

// census tells which processes live, or may. This one's own previews are told by Own: a row of its name that it doesn't own was let go.
func (l *Loop) census(ctx context.Context, names []string) map[string]bool {
	lives, dead, now := map[string]bool{}, map[string]time.Time{}, time.Now()
	for _, name := range names {
		switch {
		case name == l.Processes.Self(), name == nobody:
		case l.Processes.Alive(ctx, name):
			lives[name] = true
		default:
			dead[name] = l.deadSince(name, now)
			lives[name] = !l.looked.IsZero() && now.Sub(dead[name]) < certain
		}
	}
	l.dead = dead
	return lives
}

func (l *Loop) deadSince(name string, now time.Time) time.Time {
	if since, known := l.dead[name]; known {
		return since
	}
	return now
}

func (l *Loop) act(ctx context.Context, actions []Action) error {
	forLeader := func(a Action) bool { return a.forLeader(l.Processes.Self()) }
	if slices.ContainsFunc(actions, forLeader) && !l.Processes.Leads(ctx) {
		actions = slices.DeleteFunc(actions, forLeader)
	}
	failed := []error{l.takeOver(ctx, actions)}
	for _, a := range actions {
		if !a.takesOver() {
			failed = append(failed, l.done(a, l.clear(ctx, a)))
		}
	}
	return errors.Join(failed...)
}

// clear ends what is not, or no longer, to be here.
func (l *Loop) clear(ctx context.Context, a Action) error {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	l.note(a)
	if a.Verb == Remove {
		return l.Engine.Remove(ctx, a.Instance.ID)
	}
	l.Launches.Release(a.Claim.ID)
	return nil
}

func (l *Loop) note(a Action) {
	l.Log.WithFields(logrus.Fields{"action": a.Verb, "preview_id": a.Claim.ID, "container_id": a.Instance.ID}).Info("reconcile")
}
