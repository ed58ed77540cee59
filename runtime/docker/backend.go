package docker

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/docker/docker/client"
	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
	"previewd/runtime/tracing"
)

// Options configure a Backend.
type Options struct {
	Owner string        // whose instances these are; two backends with different owners never see each other's
	Log   *logrus.Entry // nil discards

	Host          string // the engine's address, "" is DOCKER_HOST or the default socket
	TLSDir        string // folder of ca.pem, cert.pem and key.pem by which both sides of a tcp:// address prove who they are
	BindAddr      string // host address that published ports bind, "" is 127.0.0.1
	Egress        string // "internet" (default) or "none", for previews
	DockerRuntime string // OCI runtime such as "runsc", "" is the engine's default

	// ShimFiles opens an uncompressed tar of what instances find read-only at shim.Dir; ShimDigest names its content.
	// Without it Spec.Shim is an error.
	ShimFiles  func() (io.Reader, error)
	ShimDigest string
	CABundle   []byte // PEM; laid beside the shim's files, and instances with the shim are told to trust it

	Metrics *Metrics        // nil counts nothing
	Traces  *tracing.Tracer // nil makes none

	// InstanceLabel names the label that holds an instance's id where that is not the container's own: a task of a Swarm
	// service is known by the service.
	InstanceLabel string
}

// Backend runs instances on a Docker engine. It is safe for concurrent use.
type Backend struct {
	o   Options
	api *client.Client
	log *logrus.Entry

	patience time.Duration // of questions, 0 is askTime

	shim     shimVolume
	quota    atomic.Int32 // what is known of the storage driver's quotas
	readings sync.Map     // instance id → cpuReading, for Stats
	feeds    sync.Map     // instance id → net.Conn that carries its files
}

// New returns a backend; it does not talk to the engine yet.
func New(o Options) (*Backend, error) {
	if o.Owner == "" || strings.ContainsAny(o.Owner, "=, ") {
		return nil, fmt.Errorf("docker: owner %q must be a word", o.Owner)
	}
	if o.BindAddr == "" {
		o.BindAddr = "127.0.0.1"
	}
	opts := []client.Opt{client.FromEnv, client.WithAPIVersionNegotiation(), client.WithTraceProvider(tracing.Silent())}
	if o.TLSDir != "" {
		opts = append(opts, client.WithTLSClientConfig(
			filepath.Join(o.TLSDir, "ca.pem"), filepath.Join(o.TLSDir, "cert.pem"), filepath.Join(o.TLSDir, "key.pem")))
	}
	if o.Host != "" {
		opts = append(opts, client.WithHost(o.Host))
	}
	// The client is handed its own HTTP client as the last option, so that calls can be watched where they leave.
	var calls *http.Client
	opts = append(opts, func(c *client.Client) error {
		calls = c.HTTPClient()
		if strings.HasPrefix(c.DaemonHost(), "tcp://") {
			noticeSilence(calls.Transport)
		}
		return client.WithHTTPClient(calls)(c)
	})
	api, err := client.NewClientWithOpts(opts...)
	if err != nil {
		return nil, fmt.Errorf("docker: %w", err)
	}
	calls.Transport = traced(o.Traces, o.Metrics.around(calls.Transport))
	b := &Backend{o: o, api: api, log: orDiscard(o.Log).WithField("component", "docker")}
	b.shim.turn = make(chan struct{}, 1)
	return b, nil
}

// noticeSilence bounds how long a connection to another machine's engine is believed in after that machine fell silent.
func noticeSilence(t http.RoundTripper) {
	if transport, ok := t.(*http.Transport); ok {
		transport.DialContext = (&net.Dialer{
			Timeout:         connectTimeout,
			KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 4 * time.Second, Interval: 2 * time.Second, Count: 3},
		}).DialContext
	}
}

// connectTimeout is for engines on other machines.
const connectTimeout = 3 * time.Second

// API is the client that the backend speaks to its engine by, for runtime/swarm, which knows the nodes of a swarm as
// engines of their own. It is closed with the backend.
func (b *Backend) API() *client.Client { return b.api }

// Log is what the backend logs to.
func (b *Backend) Log() *logrus.Entry { return b.log }

// Close drops the connections to the engine. Instances go on.
func (b *Backend) Close() error { return b.api.Close() }

func orDiscard(log *logrus.Entry) *logrus.Entry {
	if log != nil {
		return log
	}
	l := logrus.New()
	l.SetOutput(io.Discard)
	return logrus.NewEntry(l)
}

// NetworkName is the engine's network for a policy.
func (b *Backend) NetworkName(n preview.Network) string {
	switch n {
	case preview.NetworkPreviews:
		return "previewd-" + b.o.Owner + "-previews"
	case preview.NetworkInstall:
		return "previewd-" + b.o.Owner + "-install"
	}
	return "none"
}
