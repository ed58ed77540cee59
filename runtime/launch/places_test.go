package launch_test

import (
	"context"
	"strings"
	"testing"

	"previewd/runtime/launch"
	"previewd/runtime/preview"
)

var staticApp = map[string]string{"index.html": "<h1>hello</h1>"}

// installing returns a hook that holds installs up until release is closed.
func installing() (hook func(context.Context) error, begun, release chan struct{}) {
	begun, release = make(chan struct{}, 10), make(chan struct{})
	return func(ctx context.Context) error {
		begun <- struct{}{}
		select {
		case <-release:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}, begun, release
}

// TestAnInstallHoldsUpNobody: there is one place, and it is free while the first launch installs.
func TestAnInstallHoldsUpNobody(t *testing.T) {
	w := newWorld(t, serve, func(c *launch.Config) { c.Concurrency = 1 })
	hook, begun, release := installing()
	w.images.deps = hook
	w.put("slow", nodeApp)
	w.put("quick", map[string]string{"Dockerfile": "FROM scratch\nCMD [\"serve\"]\n"})
	slow := w.launch("slow")
	<-begun
	w.images.mu.Lock()
	w.images.deps = nil
	w.images.mu.Unlock()
	w.running(w.launch("quick").ID)
	if p := w.until(slow.ID, "still installing", func(preview.Preview) bool { return true }); p.Phase != preview.Installing {
		t.Errorf("the first launch is %s, phase %s", p.Status, p.Phase)
	}
	close(release)
	w.running(slow.ID)
}

// TestFilesThatChangeMeanwhile: what was detected and installed was for the old ones.
func TestFilesThatChangeMeanwhile(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"an install": nodeApp, "a build": {"Dockerfile": "FROM scratch\nCMD [\"serve\"]\n"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, serve)
			hook, begun, release := installing()
			w.images.deps = hook
			w.put("g", files)
			p := w.launch("g")
			<-begun
			w.put("g", staticApp)
			close(release)
			if p := w.running(p.ID); p.Runtime != preview.RuntimeStatic {
				t.Errorf("it runs as %s", p.Runtime)
			}
			w.until(p.ID, "told in its log", func(p preview.Preview) bool {
				return strings.Contains(w.logText(p.ID), "replaced meanwhile")
			})
		})
	}
}
