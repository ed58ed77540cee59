package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
)

// How often a key set is fetched.
const (
	refreshEvery = 10 * time.Minute // so that a key that was taken back is forgotten
	refreshLeast = 10 * time.Second // between two fetches, whatever tokens strangers send
	retryFirst   = time.Second
)

// ErrKeysUnavailable says that tokens cannot be judged: the key set could not be fetched even once.
var ErrKeysUnavailable = errors.New("the keys that verify tokens could not be fetched yet")

var errTooSoon = errors.New("the key set was fetched a moment ago")

// JWKSOptions of a JWKS.
type JWKSOptions struct {
	URL    string       // as CheckJWKSURL wants it
	Client *http.Client // nil is one that bounds time and follows no redirect
	Every  time.Duration
	Least  time.Duration // between two fetches that tokens cause
	Log    *logrus.Entry
}

// JWKS is the key set that an identity provider publishes. It is fetched anew from time to time, and at once when a token names
// a key that is not in it; all who wait for that share one fetch. When a fetch fails, the keys known so far stay.
type JWKS struct {
	JWKSOptions

	mu      sync.Mutex
	keys    keySet // nil until the first fetch
	fetched time.Time
	failure error // of the last fetch, nil when it went well
	tried   time.Time
	flight  *flight // nil while nobody fetches
}

// flight is one fetch under way.
type flight struct {
	done chan struct{}
	err  error // to be read after done
}

// NewJWKS returns a set that nothing was fetched of yet.
func NewJWKS(o JWKSOptions) *JWKS {
	if o.Client == nil {
		o.Client = newKeyClient()
	}
	if o.Every == 0 {
		o.Every = refreshEvery
	}
	if o.Least == 0 {
		o.Least = refreshLeast
	}
	return &JWKS{JWKSOptions: o}
}

// Run keeps the set fresh until ctx ends. After a failure it tries again soon, and less and less often.
func (j *JWKS) Run(ctx context.Context) {
	pause := retryFirst
	for {
		wait := j.Every
		if err := j.refresh(ctx, 0); err != nil {
			wait, pause = min(pause, j.Every), 2*pause
		} else {
			pause = retryFirst
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// Status says in words what is known, and returns an error while tokens cannot be judged.
func (j *JWKS) Status() (string, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case j.keys == nil && j.failure == nil:
		return "not fetched yet", ErrKeysUnavailable
	case j.keys == nil:
		return "could never be fetched", fmt.Errorf("%w: %w", ErrKeysUnavailable, j.failure)
	case j.failure != nil:
		return fmt.Sprintf("%s of %s; the last fetch failed", j.keys, j.fetched.UTC().Format(time.RFC3339)), nil
	}
	return j.keys.String(), nil
}

// key returns the key that a token of this algorithm and key id names.
func (j *JWKS) key(ctx context.Context, algorithm, id string) (any, error) {
	key, err := j.known().find(algorithm, id)
	if !errors.Is(err, errUnknownKey) {
		return key, err
	}
	if failed := j.refresh(ctx, j.Least); failed == nil {
		key, err = j.known().find(algorithm, id)
	} else if j.known() == nil {
		err = fmt.Errorf("%w: %w", ErrKeysUnavailable, failed)
	}
	return key, err
}

func (j *JWKS) known() keySet {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.keys
}

// refresh fetches the set, or waits for the fetch under way. It refuses to begin one within least of the last.
func (j *JWKS) refresh(ctx context.Context, least time.Duration) error {
	f := j.join(ctx, least)
	if f == nil {
		return errTooSoon
	}
	select {
	case <-f.done:
		return f.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (j *JWKS) join(ctx context.Context, least time.Duration) *flight {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.flight != nil {
		return j.flight
	}
	if !j.tried.IsZero() && time.Since(j.tried) < least {
		return nil
	}
	f := &flight{done: make(chan struct{})}
	j.flight, j.tried = f, time.Now()
	go j.fetch(context.WithoutCancel(ctx), f) // others wait for it when this caller has gone
	return f
}

func (j *JWKS) fetch(ctx context.Context, f *flight) {
	defer close(f.done)
	keys, skipped, err := fetchKeySet(ctx, j.Client, j.URL)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.flight, j.failure, f.err = nil, err, err
	if err != nil {
		j.Log.WithField("err", err).Warn("cannot fetch the key set; the keys known so far stay")
		return
	}
	if len(keys) != len(j.keys) || j.keys == nil {
		j.Log.WithFields(logrus.Fields{"keys": len(keys), "skipped": skipped}).Info("fetched the key set")
	}
	j.keys, j.fetched = keys, time.Now()
}
