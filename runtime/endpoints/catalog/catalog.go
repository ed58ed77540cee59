// Package catalog tells which endpoints a generation's app serves: from its files, read once and kept, and, while it runs, from
// the app itself.
package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
	"golang.org/x/sync/singleflight"

	"previewd/runtime/endpoints"
	"previewd/runtime/endpoints/live"
	"previewd/runtime/endpoints/worker"
	"previewd/runtime/preview"
)

// Patience is how long a request waits for files that are read for the first time. They are read to the end all the same.
const Patience = 10 * time.Second

// readTime bounds the reading of a generation's files, the wait for others' included.
const readTime = 2 * time.Minute

// Store keeps what was read, by the digest of the files and the version of the reader.
type Store interface {
	Generation(ctx context.Context, id string) (preview.Generation, error)
	GenerationArchive(ctx context.Context, id string) ([]byte, error)
	// Endpoints is what was put last under this digest and version, nil when that is nothing.
	Endpoints(ctx context.Context, generationID, digest, version string) ([]byte, error)
	PutEndpoints(ctx context.Context, generationID, digest, version string, found []byte) error
	// SetEndpointsCount notes what a preview's status tells.
	SetEndpointsCount(ctx context.Context, previewID string, count int) error
}

// Reader reads archives and documents, as worker.Pool does.
type Reader interface {
	live.Reader
	Source(ctx context.Context, archive []byte) (worker.Read, error)
}

// Options are what a Catalog works with. All are needed but Now.
type Options struct {
	Store   Store
	Reader  Reader
	Apps    live.Asker
	Version string // of this program: another one may find more
	Log     *logrus.Entry
	Now     func() time.Time // nil is time.Now
	// Mine says whose endpoints Watch is to list of its own accord, so that of several processes one does; nil is everybody's.
	Mine func(preview.Preview) bool
}

// Catalog is safe for use by several goroutines.
type Catalog struct {
	Options
	reading singleflight.Group

	mu   sync.Mutex
	told map[string]*told // by preview
}

// New returns an empty Catalog.
func New(o Options) *Catalog {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Catalog{Options: o, told: map[string]*told{}}
}

// Listing is what an app serves as far as it is known.
type Listing struct {
	Endpoints []endpoints.Endpoint // by path, then method
	Builtin   []endpoints.Endpoint // the framework's own: documents and the like
	Warnings  []endpoints.Warning
	Complete  bool // the files have been read
}

// List tells the endpoints of a generation. p is its latest preview, nil when there was none.
func (c *Catalog) List(ctx context.Context, g preview.Generation, p *preview.Preview) (Listing, error) {
	static, complete, err := c.static(ctx, g)
	if err != nil {
		return Listing{}, err
	}
	var told []endpoints.Endpoint
	if p != nil && p.Status == preview.Running && static.Documents {
		told = c.live(ctx, *p, static.Endpoints)
	}
	l := Listing{Warnings: static.Warnings, Complete: complete}
	for _, e := range endpoints.Merge(static.Endpoints, told) {
		if e.Builtin {
			l.Builtin = append(l.Builtin, e)
		} else {
			l.Endpoints = append(l.Endpoints, e)
		}
	}
	if p != nil && complete {
		c.count(ctx, *p, len(l.Endpoints))
	}
	return l, nil
}

func (c *Catalog) count(ctx context.Context, p preview.Preview, n int) {
	if p.EndpointsCount == n {
		return
	}
	if err := c.Store.SetEndpointsCount(ctx, p.ID, n); err != nil && ctx.Err() == nil {
		c.Log.WithFields(logrus.Fields{"preview_id": p.ID, "err": err}).Warn("the number of endpoints was not noted")
	}
}

// static is what the files say, and whether they have been read in time.
func (c *Catalog) static(ctx context.Context, g preview.Generation) (found worker.Read, complete bool, err error) {
	found, err = c.kept(ctx, g)
	if err == nil || !errors.Is(err, errNotKept) {
		return found, err == nil, err
	}
	reading := c.reading.DoChan(g.ID+" "+g.Digest, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTime)
		defer cancel()
		return c.read(ctx, g)
	})
	patience := time.NewTimer(Patience)
	defer patience.Stop()
	select {
	case done := <-reading:
		found, _ = done.Val.(worker.Read)
		return found, done.Err == nil, done.Err
	case <-patience.C:
		return worker.Read{}, false, nil
	case <-ctx.Done():
		return worker.Read{}, false, fmt.Errorf("wait for the endpoints: %w", ctx.Err())
	}
}

var errNotKept = errors.New("not read yet")

// kept is what was read before.
func (c *Catalog) kept(ctx context.Context, g preview.Generation) (worker.Read, error) {
	text, err := c.Store.Endpoints(ctx, g.ID, g.Digest, c.Version)
	if err != nil {
		return worker.Read{}, err
	}
	if text == nil {
		return worker.Read{}, errNotKept
	}
	var found worker.Read
	if err := json.Unmarshal(text, &found); err != nil {
		return worker.Read{}, fmt.Errorf("read kept endpoints: %w", err)
	}
	return found, nil
}

// read reads the files as they are now, and keeps what it finds under the digest of what was read: they may have been replaced.
// Files that cannot be read are not tried again.
func (c *Catalog) read(ctx context.Context, g preview.Generation) (worker.Read, error) {
	archive, err := c.Store.GenerationArchive(ctx, g.ID)
	if err != nil {
		return worker.Read{}, err
	}
	begin := c.Now()
	found, err := c.Reader.Source(ctx, archive)
	log := c.Log.WithFields(logrus.Fields{"generation_id": g.ID, "took_ms": c.Now().Sub(begin).Milliseconds()})
	if errors.Is(err, worker.ErrGaveUp) {
		log.WithError(err).Warn("a generation's files cannot be read for endpoints")
		found = worker.Read{Digest: g.Digest, Documents: true, Result: endpoints.Result{Warnings: []endpoints.Warning{{Message: "The files could not be read within the limits."}}}}
	} else if err != nil {
		return worker.Read{}, err
	} else {
		log.WithField("endpoints", len(found.Endpoints)).Debug("read a generation's files for endpoints")
	}
	text, err := json.Marshal(found)
	if err != nil {
		return worker.Read{}, fmt.Errorf("write endpoints: %w", err)
	}
	return found, c.Store.PutEndpoints(ctx, g.ID, found.Digest, c.Version, text)
}
