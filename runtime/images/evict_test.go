package images_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"previewd/runtime/backendtest/fake"
	"previewd/runtime/images"
	"previewd/runtime/preview"
)

// large installs 1 MiB, which is also what all of the fake's images have.
func large(_ context.Context, p *fake.Process) int {
	p.SetDisk(1 << 20)
	return 0
}

func TestEvictLeastRecentlyUsed(t *testing.T) {
	c := &clock{at: time.Now()}
	state := filepath.Join(t.TempDir(), "used.json")
	options := func(o *images.Options) { o.Now, o.Budget, o.StateFile = c.now, 2<<20, state }
	s, b := fakeStore(t, large, options)
	var tags []string
	for _, user := range []string{"a", "b", "c"} {
		req := request()
		req.UserID = user
		r, err := s.Deps(t.Context(), req, &sink{})
		if err != nil {
			t.Fatal(err)
		}
		tags = append(tags, r.Image)
		c.pass(time.Hour)
	}
	again := request()
	again.UserID = "a" // the oldest is used again
	if _, err := s.Deps(t.Context(), again, &sink{}); err != nil {
		t.Fatal(err)
	}
	c.pass(time.Hour)

	// Last uses survive a restart.
	restarted := images.Options{Engine: b, Log: quiet()}
	options(&restarted)
	freed, err := images.New(restarted).Evict(t.Context())
	if err != nil || freed != 1<<20 {
		t.Fatalf("freed %d, %v", freed, err)
	}
	left := depsTags(t, b)
	if !left[tags[0]] || left[tags[1]] || !left[tags[2]] {
		t.Errorf("left %v of %v", left, tags)
	}
	if _, err := s.Evict(t.Context()); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(state); err != nil || strings.Contains(string(data), tags[1]) || !strings.Contains(string(data), tags[0]) {
		t.Errorf("state %s, %v", data, err)
	}
}

func TestEvictKeepsWhatIsUsed(t *testing.T) {
	c := &clock{at: time.Now()}
	s, b := fakeStore(t, large, func(o *images.Options) { o.Now, o.Budget = c.now, 1 })
	r, err := s.Deps(t.Context(), request(), &sink{})
	if err != nil {
		t.Fatal(err)
	}
	if freed, err := s.Evict(t.Context()); freed != 0 || err != nil || !depsTags(t, b)[r.Image] {
		t.Errorf("just used: freed %d, %v", freed, err)
	}
	c.pass(time.Hour)
	id, err := b.Create(t.Context(), preview.Spec{Kind: preview.KindPreview, Image: r.Image})
	if err != nil {
		t.Fatal(err)
	}
	if freed, err := s.Evict(t.Context()); freed != 0 || err != nil || !depsTags(t, b)[r.Image] {
		t.Errorf("an instance stands on it: freed %d, %v", freed, err)
	}
	if err := b.Remove(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Evict(t.Context()); err != nil || depsTags(t, b)[r.Image] {
		t.Errorf("not evicted: %v", err)
	}
}

func TestEvictUnbounded(t *testing.T) {
	c := &clock{at: time.Now()}
	s, b := fakeStore(t, large, func(o *images.Options) { o.Now = c.now })
	r, err := s.Deps(t.Context(), request(), &sink{})
	if err != nil {
		t.Fatal(err)
	}
	c.pass(1000 * time.Hour)
	if freed, err := s.Evict(t.Context()); freed != 0 || err != nil || !depsTags(t, b)[r.Image] {
		t.Errorf("freed %d, %v", freed, err)
	}
}
