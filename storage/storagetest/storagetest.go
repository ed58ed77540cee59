// Package storagetest gives each test a database of its own on a real PostgreSQL: a copy of one that was migrated
// once. The server is private to the test process and started with the first database, unless
// PREVIEW_TEST_DATABASE_URL names one to use (its user must be allowed to create databases).
//
// A package that uses it says in one place
//
//	func TestMain(m *testing.M) { storagetest.Main(m) }
//
// so that the server is stopped at the end. A test process that is killed takes its server along.
package storagetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"previewd/storage"
)

// Main runs the tests and stops the server. The caller returns afterwards: the test binary exits with the outcome of
// the tests by itself.
func Main(m *testing.M) {
	m.Run()
	if err := shared.close(); err != nil {
		panic(fmt.Sprintf("storagetest: %v", err))
	}
}

// New returns a Store on a migrated database of its own; both end with the test. Without PostgreSQL the test is
// skipped, or fails where the environment says CI=true.
func New(t testing.TB) *storage.Store {
	t.Helper()
	store, err := storage.Open(t.Context(), URL(t), storage.Options{})
	if err != nil {
		t.Fatalf("storagetest: %v", err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("storagetest: %v", err)
		}
	})
	return store
}

// URL returns the address of a migrated database of the test's own, which ends with the test.
func URL(t testing.TB) string {
	t.Helper()
	return clone(t, (*cluster).clone)
}

// EmptyURL is URL for a database that no migration has touched.
func EmptyURL(t testing.TB) string {
	t.Helper()
	return clone(t, (*cluster).empty)
}

func clone(t testing.TB, create func(*cluster, context.Context) (url string, drop func(context.Context) error, err error)) string {
	t.Helper()
	c, err := shared.get()
	if err != nil {
		unavailable(t, err)
	}
	url, drop, err := create(c, t.Context())
	if err != nil {
		t.Fatalf("storagetest: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := drop(ctx); err != nil {
			t.Errorf("storagetest: %v", err)
		}
	})
	return url
}

func unavailable(t testing.TB, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("storagetest: %v", err)
	}
	t.Skipf("storagetest: %v", err)
}

// shared by all tests of the process: starting it takes a second.
var shared lazyCluster

// lazyCluster is made when it is first needed.
type lazyCluster struct {
	once    sync.Once
	cluster *cluster
	err     error
}

func (l *lazyCluster) get() (*cluster, error) {
	l.once.Do(func() { l.cluster, l.err = newCluster(context.Background()) })
	return l.cluster, l.err
}

// close ends it. It is not made any more.
func (l *lazyCluster) close() error {
	l.once.Do(func() { l.err = errors.New("closed") })
	if l.cluster == nil {
		return nil
	}
	return l.cluster.close()
}
