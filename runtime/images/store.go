package images

import (
	"sync"
	"time"

	"github.com/sirupsen/logrus"
	"golang.org/x/sync/semaphore"

	"previewd/runtime/preview"
)

// Repositories of the tags.
const (
	repository  = "previewd/"
	depsRepo    = repository + "deps"
	projectRepo = repository + "project"
)

// Labels and the kinds of images that labelImage tells apart. The backend adds the owner's label.
const (
	labelImage   = "previewd.image"
	labelKey     = "previewd.key"
	labelCreated = "previewd.created" // RFC 3339
	labelBytes   = "previewd.bytes"   // what the image adds to the one it was made from

	imageRuntime = "runtime"
	imageDeps    = "deps"
	imageProject = "project"
)

// The app's user inside every instance, and its folder.
const (
	appUID  = 10001
	appUser = "10001:10001"
	appDir  = "/app"
)

// DefaultBase is the image that runtime images stand on.
const DefaultBase = "debian:trixie-slim"

// Options configure a Store.
type Options struct {
	Engine    Engine
	Log       *logrus.Entry
	Base      string // "" is DefaultBase
	CABundle  []byte // PEM, the certificates that runtime images trust; required
	Scope     string // whose dependencies these are: a part of their keys, so that two previewd never share them
	Budget    int64  // bytes that dependencies and projects may take, 0 is unbounded
	StateFile string // where last uses are kept between runs, "" forgets them
	Now       func() time.Time
	// Concurrency is how many installs and builds of projects are at work at once, 0 is one.
	Concurrency int
	// BuildLimits bound the builds of runtime images.
	BuildLimits preview.Limits
	Metrics     *Metrics // nil counts nothing
}

// Store provides images. It is safe for concurrent use.
type Store struct {
	o      Options
	log    *logrus.Entry
	turns  turns
	places *semaphore.Weighted // of installs and builds
	usage  *usage
	began  time.Time

	mu       sync.Mutex
	runtimes map[preview.Runtime]string // tags known to be right for this process
	installs map[string]bool            // instances at work
}

// New returns a store. It does not talk to the engine yet.
func New(o Options) *Store {
	if o.Base == "" {
		o.Base = DefaultBase
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	log := o.Log.WithField("component", "images")
	return &Store{
		o: o, log: log, usage: readUsage(o.StateFile, log), began: o.Now(),
		places:   semaphore.NewWeighted(int64(max(1, o.Concurrency))),
		runtimes: map[preview.Runtime]string{}, installs: map[string]bool{},
	}
}
