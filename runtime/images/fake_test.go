package images_test

import (
	"sync"
	"testing"
	"time"

	"previewd/runtime/backendtest/fake"
	"previewd/runtime/images"
	"previewd/runtime/preview"
)

const base = images.DefaultBase

// fakeStore is a store on a fake engine whose installs run program.
func fakeStore(t *testing.T, program fake.Program, change func(*images.Options)) (*images.Store, *fake.Backend) {
	t.Helper()
	b := fake.New(fake.Options{
		Programs: map[string]fake.Program{"": program},
		Images: map[string]preview.ImageConfig{
			// The fake reads FROM lines as they stand.
			"${BASE} AS files": {}, "scratch": {},
			base: {}, "rt": {WorkDir: "/app"}, "app:1": {WorkDir: "/srv", Command: []string{"run"}, Ports: []int{8000}},
			"onbuild:1": {OnBuild: []string{"ADD http://x /x"}, Command: []string{"run"}},
			"plain:1":   {User: "1000:1000", Command: []string{"run"}}, "silent:1": {},
		},
	})
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	o := images.Options{Engine: b, Log: quiet(), CABundle: []byte("PEM"), Scope: "test"}
	if change != nil {
		change(&o)
	}
	return images.New(o), b
}

func until(t *testing.T, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatal("waited for too long")
		}
		time.Sleep(time.Millisecond)
	}
}

// clock is a test's own time.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func depsTags(t *testing.T, b *fake.Backend) map[string]bool {
	t.Helper()
	list, err := b.Images(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tags := map[string]bool{}
	for _, i := range list {
		for _, tag := range i.Tags {
			tags[tag] = true
		}
	}
	return tags
}
