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
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"previewd/storage"
)

// Main runs the tests, stops the server and exits.
func Main(m *testing.M) {
	code := m.Run()
	if err := stopShared(); err != nil {
		fmt.Fprintln(os.Stderr, "storagetest:", err)
		code = max(code, 1)
	}
	os.Exit(code)
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
	c, err := shared()
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

// The server is shared by all tests of the process: starting it takes a second.
var (
	once      sync.Once
	theServer *cluster
	errServer error
)

func shared() (*cluster, error) {
	once.Do(func() { theServer, errServer = newCluster(context.Background()) })
	return theServer, errServer
}

func stopShared() error {
	once.Do(func() {}) // nobody starts it any more
	if theServer == nil {
		return nil
	}
	return theServer.close()
}
