// Package launch runs previews: it takes a generation through fetch, detect, install, create, boot and probe, watches
// the instance for as long as it lives, and ends it with a reason. One goroutine owns each preview.
package launch

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
	"golang.org/x/sync/semaphore"

	"previewd/runtime/preview"
	"previewd/runtime/probe"
	"previewd/runtime/tracing"
	"previewd/runtime/usage"
)

// Config bounds what launches may use.
type Config struct {
	PortMin, PortMax int
	Quotas           preview.Quotas
	Launches         preview.Rate  // of whoever launches
	SessionTimeout   time.Duration // life of a session token
	MaxUptime        time.Duration
	StartupTimeout   time.Duration  // from the app's start to its first answer
	InstallTimeout   time.Duration  // also bounds the preparation steps
	StopGrace        time.Duration  // between SIGTERM and SIGKILL
	Limits           preview.Limits // of a preview; a launch may ask for less memory
	InstallLimits    preview.Limits
	DialHost         string // where published ports are reached from here, unless the instance's machine has a host of its own
	Nodes            bool   // there are many machines: the engine tells which one an instance is on, and may lose it
	BaseDomain       string
	Origin           func(preview.Preview) string // under which browsers reach a preview
	HealthInterval   time.Duration
	HealthRetries    int
	LogLineRate      int // lines a second a preview may write, 0 is unbounded
	LogByteRate      int // the same in bytes
	Concurrency      int // launches that are worked on at once, installs apart; of moves half as many
}

// Options are what a Service works with. All are needed but Publish, Away, Hold, the metrics and the traces.
type Options struct {
	Config   Config
	Store    Store
	Away     func(error) bool // whether an error of Store's says that it is away and may come back; nil is never
	Engine   Engine
	Images   Images
	Journals Journals
	Publish  Publisher
	Log      *logrus.Entry
	Launcher string // names this process; see preview.Request
	// Hold waits until what this process runs is its own for certain, or ctx ends; nil never waits.
	Hold     func(ctx context.Context) error
	Metrics  *Metrics
	Measured *usage.Metrics
	Traces   *tracing.Tracer // nil makes none
}

// Service owns the previews of this process.
type Service struct {
	Options
	prober *probe.Prober
	usage  *usage.Sampler
	places places
	opened *semaphore.Weighted // logs of previews that are taken over, at once

	mu     sync.Mutex
	runs   map[string]*run   // by preview id
	uses   map[string]string // instances of running previews, by preview id: what is measured
	closed bool
	wg     sync.WaitGroup
}

// New returns a Service that runs nothing yet.
func New(o Options) *Service {
	if o.Publish == nil {
		o.Publish = nobody{}
	}
	if o.Hold == nil {
		o.Hold = func(context.Context) error { return nil }
	}
	if o.Away == nil {
		o.Away = func(error) bool { return false }
	}
	return &Service{
		Options: o,
		prober:  probe.New(),
		usage:   usage.New(o.Engine),
		places:  newPlaces(o.Config.Concurrency),
		opened:  semaphore.NewWeighted(openedAtOnce),
		runs:    map[string]*run{},
		uses:    map[string]string{},
	}
}

type nobody struct{}

func (nobody) Publish(preview.Preview) {}

// ErrShuttingDown refuses launches while the service closes.
var ErrShuttingDown = errors.New("previewd is shutting down")

// Launch accepts a request and starts working on it; it returns as soon as the port is leased. An active preview
// of the same generation is replaced.
func (s *Service) Launch(ctx context.Context, req Request) (Launched, error) {
	if s.isClosed() {
		return Launched{}, ErrShuttingDown
	}
	token, hash := preview.NewSessionToken()
	started, replaced, err := s.Store.StartPreview(ctx, s.newRow(req, hash), preview.StartOptions{
		PortMin: s.Config.PortMin, PortMax: s.Config.PortMax, Quotas: s.Config.Quotas,
		LaunchedBy: req.By, Launches: s.Config.Launches,
	})
	if err != nil {
		return Launched{}, err
	}
	if replaced != nil {
		s.stopRun(*replaced)
	}
	s.Publish.Publish(started)
	if _, err := s.begin(tracing.Detached(ctx), started, (*run).startFromScratch); err != nil {
		_, failed := s.Store.Finish(ctx, started.ID, preview.Failed, wanted(preview.Shutdown), nil)
		return Launched{}, errors.Join(err, failed)
	}
	return Launched{Preview: started, SessionToken: token}, nil
}

func (s *Service) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

func (s *Service) newRow(req Request, tokenHash []byte) preview.Preview {
	now := time.Now()
	timeout := req.TimeoutSeconds
	if timeout <= 0 {
		timeout = int(s.Config.StartupTimeout / time.Second)
	}
	return preview.Preview{
		ID: preview.NewID(), GenerationID: req.GenerationID, UserID: req.UserID, ProjectID: req.ProjectID,
		Status: preview.Starting, Phase: preview.Queued, Health: preview.HealthUnknown,
		Request: preview.Request{
			StartupTimeoutSeconds: timeout, Env: req.Env, SecretEnv: req.SecretEnv, MemoryMB: req.MemoryMB, Command: req.Command,
			Nonce: newNonce(), Launcher: s.Launcher,
		},
		MemoryLimitMB:    s.memoryLimit(req.MemoryMB),
		SessionTokenHash: tokenHash, TokenExpiry: now.Add(s.Config.SessionTimeout),
		CreatedAt: now, LastActiveAt: now, ExpiresAt: now.Add(s.Config.MaxUptime),
	}
}

func newNonce() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails: it ends the program instead
	return hex.EncodeToString(b[:])
}

// begin makes this process the owner of an active preview and runs it with how, as a part of the trace that ctx carries.
func (s *Service) begin(ctx context.Context, row preview.Preview, how func(*run) *preview.Reason) (*run, error) {
	r := newRun(ctx, s, row)
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		r.cancel(nil)
		return nil, ErrShuttingDown
	}
	if other, taken := s.runs[row.ID]; taken {
		s.mu.Unlock()
		r.cancel(nil)
		return other, nil
	}
	s.runs[row.ID] = r
	s.wg.Add(1)
	s.mu.Unlock()
	go func() {
		defer s.wg.Done()
		r.execute(how)
		s.forget(r)
		s.goOn(r)
	}()
	return r, nil
}

func (s *Service) forget(r *run) {
	s.mu.Lock()
	delete(s.runs, r.row.ID)
	delete(s.uses, r.row.ID)
	s.mu.Unlock()
	close(r.done)
}

func (s *Service) run(previewID string) *run {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.runs[previewID]
}

// Owns reports whether this process runs the preview.
func (s *Service) Owns(previewID string) bool { return s.run(previewID) != nil }

func (s *Service) ids() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.runs))
}

// Active is how many previews this process runs.
func (s *Service) Active() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.runs)
}

// Stop ends the generation's active preview with a wanted reason and waits until it is gone, or ctx ends. A
// preview that already ended is no error; a generation without one is preview.ErrPreviewNotFound.
func (s *Service) Stop(ctx context.Context, generationID string, code preview.Code) error {
	latest, err := s.Store.LatestPreview(ctx, generationID)
	if err != nil {
		return err
	}
	if err := s.StopPreview(ctx, latest.ID, code); err != nil {
		return err
	}
	return s.awaitEnd(ctx, latest.ID)
}

// endPoll is how often a preview that another process ends, or that could not be cleaned up at once, is looked at.
const endPoll = 100 * time.Millisecond

// awaitEnd waits until the preview has ended in the database. It does not wait for an engine that is away.
func (s *Service) awaitEnd(ctx context.Context, previewID string) error {
	for {
		p, err := s.Store.Preview(ctx, previewID)
		if err != nil || !p.Status.Active() {
			return err
		}
		if _, err := s.Engine.Inspect(ctx, p.InstanceID); errors.Is(err, preview.ErrEngineUnavailable) {
			return fmt.Errorf("stop preview %s: %w", previewID, err)
		}
		if !sleep(ctx, endPoll) {
			return fmt.Errorf("stop preview %s: %w", previewID, ctx.Err())
		}
	}
}

// StopPreview is Stop for one preview, and does not wait for another process to end it.
func (s *Service) StopPreview(ctx context.Context, previewID string, code preview.Code) error {
	row, err := s.Store.BeginStopping(ctx, previewID, wanted(code))
	var lost *preview.TransitionError
	switch {
	case errors.As(err, &lost):
		row = preview.Preview{ID: previewID, Status: lost.From}
	case err != nil:
		return err
	default:
		s.Publish.Publish(row)
	}
	if !row.Status.Active() {
		return nil
	}
	done := s.stopRun(row)
	if done == nil {
		return nil // another process owns it and sees the row; or the next reconcile ends it
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("stop preview %s: %w", previewID, ctx.Err())
	}
}

// stopRun tells the preview's run that its row is stopping. It returns nil when this process doesn't own it.
func (s *Service) stopRun(row preview.Preview) <-chan struct{} {
	r := s.run(row.ID)
	if r == nil {
		return nil
	}
	reason := wanted(preview.User)
	if row.Reason != nil {
		reason = *row.Reason
	}
	r.cancel(&reason)
	return r.done
}

// Noticed ends the local run of a preview that somebody else set to stopping in the database.
func (s *Service) Noticed(row preview.Preview) { s.stopRun(row) }

// Wait returns the preview when it runs or has ended.
func (s *Service) Wait(ctx context.Context, previewID string) (preview.Preview, error) {
	if r := s.run(previewID); r != nil {
		select {
		case <-r.running:
		case <-r.done:
		case <-ctx.Done():
			return preview.Preview{}, ctx.Err()
		}
	}
	return s.Store.Preview(ctx, previewID)
}

// Usage is what the preview's instance uses, a second ago at most.
func (s *Service) Usage(ctx context.Context, p preview.Preview) (preview.Stats, error) {
	if p.InstanceID == "" || p.Status != preview.Running {
		return preview.Stats{}, preview.ErrInstanceNotFound
	}
	return s.usage.Stats(ctx, p.InstanceID)
}

// Close ends every run and waits for them, or until ctx ends. With keep the instances go on and a later
// previewd adopts them; without, they are stopped with reason SHUTDOWN.
func (s *Service) Close(ctx context.Context, keep bool) error {
	s.mu.Lock()
	s.closed = true
	runs := make([]*run, 0, len(s.runs))
	for _, r := range s.runs {
		runs = append(runs, r)
	}
	s.mu.Unlock()
	for _, r := range runs {
		if keep {
			r.cancel(errDetached)
			continue
		}
		go func() {
			if err := s.StopPreview(ctx, r.row.ID, preview.Shutdown); err != nil {
				r.log.WithError(err).Warn("could not stop the preview at shutdown")
			}
		}()
	}
	return s.drain(ctx)
}

func (s *Service) drain(ctx context.Context) error {
	all := make(chan struct{})
	go func() { s.wg.Wait(); close(all) }()
	select {
	case <-all:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%d previews still running: %w", s.Active(), ctx.Err())
	}
}
