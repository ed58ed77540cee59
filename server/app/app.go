//go:generate go run ./metricstable ../../docs/metrics.md

// Package app wires previewd together. New builds what needs no one else, Start brings it up in order, Stop takes it
// down in reverse; a test boots the whole of it on port 0.
package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/endpoints/catalog"
	"previewd/runtime/events"
	"previewd/runtime/firewall"
	"previewd/runtime/images"
	"previewd/runtime/launch"
	"previewd/runtime/logs"
	"previewd/runtime/swarm"
	"previewd/runtime/tracing"
	"previewd/runtime/upstream"
	"previewd/server/auth"
	"previewd/server/built"
	"previewd/server/config"
	"previewd/server/gateway"
	"previewd/server/lifecycle"
	"previewd/server/replica"
	"previewd/server/routes"
	"previewd/server/webhook"
	"previewd/storage"
)

// httpEnd is how long requests under way get when the service stops.
const httpEnd = 3 * time.Second

// App is one previewd.
type App struct {
	Options
	stack *lifecycle.Stack
	fatal chan error // what ends the service by itself, such as its private database
	fell  bool       // something did; previews are left to the next previewd

	store    *storage.Store
	owner    string
	replica  *replica.Replica
	engine   Engine
	nodes    *swarm.Backend // nil on one machine
	firewall *firewall.Firewall
	images   *images.Store
	logs     *logs.Logs
	bus      *events.Bus
	voice    *replica.Voice // tells the other previewd what happens here
	launches *launch.Service
	running  atomic.Pointer[launch.Service] // the same, for what runs before it is there
	apps     *upstream.Pool                 // of the request route
	doors    *upstream.Pool                 // of the gateway
	gateway  *gateway.Gateway
	links    gateway.Links
	catalog  *catalog.Catalog
	receiver *webhook.Endpoint // nil without webhooks
	keys     *auth.JWKS        // nil without an identity provider
	traces   *tracing.Tracer   // nil where nothing is traced
	counts   counts

	engineDir string // where the engine keeps what instances write, "" on another machine
	scarce    uint64 // bytes that make a disk nearly full
	listener  net.Listener
	ending    chan struct{} // closed when the service begins to stop: streams end then

	metricsAddr, debugAddr net.Addr // nil where these are not served apart
}

// Options of an App.
type Options struct {
	Config config.Config
	Built  built.Info
	Log    *logrus.Entry
	// Worker is the command that reads what strangers wrote, see runtime/endpoints/worker; none is this program itself.
	Worker []string
	// Engine runs the previews in place of Docker or Swarm, such as a simulated one; nil is what the settings say.
	Engine Engine
	// CacheScope names whose cached dependencies are used; "" is this installation's own. Tests share one.
	CacheScope string
}

// New returns an App that runs nothing yet.
func New(o Options) *App {
	return &App{
		Options: o,
		stack:   lifecycle.NewStack(o.Log.WithField("component", "app")),
		fatal:   make(chan error, 1),
		bus:     events.NewBus(),
		counts:  newCounts(o.Built),
		ending:  make(chan struct{}),
		scarce:  scarce,
	}
}

// Run starts the service, serves until ctx ends or something it cannot live without does, and stops it.
func Run(ctx context.Context, o Options) error { return New(o).run(ctx, func() {}) }

func (a *App) run(ctx context.Context, ready func()) error {
	if err := a.Start(ctx); err != nil {
		return err
	}
	ready()
	var failed error
	select {
	case <-ctx.Done():
	case failed = <-a.fatal:
		a.fell = true
	}
	return errors.Join(failed, a.Stop())
}

// Start brings everything up; when a step fails, what was up is taken down again.
func (a *App) Start(ctx context.Context) error {
	steps := []struct {
		name string
		do   func(context.Context) error
	}{
		{"traces", a.startTraces},
		{"data folder", a.prepareDataDir},
		{"database", a.openDatabase},
		{"container engine", a.connectEngine},
		{"images", a.prepareImages},
		{"notices to others", a.joinOthers},
		{"logs", a.startLogs},
		{"webhooks", a.startWebhooks},
		{"address", a.listen},
		{"links", a.makeLinks},
		{"previews", a.startLaunches},
		{"connections to previews", a.connectApps},
		{"gateway", a.openGateway},
		{"endpoints", a.startCatalog},
		{"notices of others", a.hearOthers},
		{"metrics", a.serveMetrics},
		{"debug", a.serveDebug},
		{"HTTP", a.serve},
	}
	for _, step := range steps {
		begin := time.Now()
		if err := step.do(ctx); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", step.name, err), a.stack.Close())
		}
		a.component("app").WithField("took_ms", time.Since(begin).Milliseconds()).Debug(step.name + " ready")
	}
	return nil
}

// Stop ends the service: HTTP first, then the previews, then what they stand on.
func (a *App) Stop() error { return a.stack.Close() }

// Addr is where the API listens.
func (a *App) Addr() net.Addr { return a.listener.Addr() }

// Owner is the label of all that this installation makes on the engine, known after Start.
func (a *App) Owner() string { return a.owner }

// Fatal delivers what the service cannot live without having ended.
func (a *App) Fatal() <-chan error { return a.fatal }

func (a *App) prepareDataDir(context.Context) error {
	return os.MkdirAll(a.Config.DataDir, 0o755)
}

func (a *App) component(name string) *logrus.Entry { return a.Log.WithField("component", name) }

func (a *App) fail(err error) {
	select {
	case a.fatal <- err:
	default: // one is enough to end the service
	}
}

// listen takes the address before any preview is touched: it may be another program's, and previews are told its port.
func (a *App) listen(ctx context.Context) (err error) {
	a.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", a.Config.ListenAddr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", a.Config.ListenAddr, err)
	}
	a.stack.Push("address", time.Second, func(context.Context) error {
		_ = a.listener.Close() // the server has, where it came to serve
		return nil
	})
	return nil
}

// serve answers HTTP.
func (a *App) serve(ctx context.Context) error {
	handler, err := a.handler()
	if err != nil {
		return err
	}
	server, said := routes.NewServer(context.WithoutCancel(ctx), handler, a.component("http"))
	go func() {
		if err := server.Serve(a.listener); !errors.Is(err, http.ErrServerClosed) {
			a.fail(fmt.Errorf("serve HTTP: %w", err))
		}
	}()
	a.stack.Push("HTTP", httpEnd, func(ctx context.Context) error {
		defer func() { _ = said.Close() }()
		close(a.ending)
		_ = a.gateway.Close()            // its streams end, and nothing else of it does
		if server.Shutdown(ctx) != nil { // requests that take longer than they may
			return server.Close()
		}
		return nil
	})
	a.component("http").WithField("addr", a.listener.Addr().String()).Info("serving")
	return nil
}
