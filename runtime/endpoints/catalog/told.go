package catalog

import (
	"context"
	"sync"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/endpoints"
	"previewd/runtime/endpoints/live"
	"previewd/runtime/preview"
)

// How long what an app told of itself is taken to be true: it may be edited while it runs. Asking one that has no document again
// would fill its log for nothing.
const (
	freshFor = 10 * time.Second
	noneFor  = 5 * time.Minute
)

// told is what one app told.
type told struct {
	mu    sync.Mutex // held while the app is asked
	at    time.Time
	found live.Found
}

// live is what the app says of itself, nil when it says nothing or cannot be asked.
func (c *Catalog) live(ctx context.Context, p preview.Preview, static []endpoints.Endpoint) []endpoints.Endpoint {
	t := c.tellerOf(p.ID)
	t.mu.Lock()
	defer t.mu.Unlock()
	age, keep := c.Now().Sub(t.at), noneFor
	if t.found.At != "" {
		keep = freshFor
	}
	if !t.at.IsZero() && age < keep {
		return t.found.Endpoints
	}
	found, err := live.Finder{Apps: c.Apps, Reader: c.Reader}.Find(ctx, p, t.found.At, paths(static))
	if err == nil && found.At == "" && t.found.At != "" { // it is not there any more: it may be elsewhere the next time
		t.found, t.at = live.Found{}, time.Time{}
		return nil
	}
	if err != nil {
		if t.at.IsZero() {
			c.forget(p.ID)
		}
		c.Log.WithFields(logrus.Fields{"preview_id": p.ID, "err": err}).Debug("the app was not asked for its endpoints")
		return t.found.Endpoints
	}
	t.found, t.at = found, c.Now()
	return found.Endpoints
}

func (c *Catalog) tellerOf(previewID string) *told {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.told[previewID]
	if t == nil {
		t = &told{}
		c.told[previewID] = t
	}
	return t
}

func (c *Catalog) forget(previewID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.told, previewID)
}

func paths(list []endpoints.Endpoint) []string {
	all := make([]string, len(list))
	for i, e := range list {
		all[i] = e.Path
	}
	return all
}
