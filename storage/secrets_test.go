package storage_test

import (
	"testing"

	"previewd/runtime/preview"
	"previewd/storage/storagetest"
)

// Secrets are in their own column and nowhere else, and only for as long as the preview is active.
func TestSecretsEndWithThePreview(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	for _, status := range []preview.Status{preview.Stopped, preview.Failed} {
		generation := "g-" + string(status)
		putGeneration(t, s, generation, "user")
		asked := row(generation, "user")
		asked.Request.Env, asked.Request.SecretEnv = map[string]string{"A": "b"}, preview.SecretEnv{"KEY": "hunter2\n\"x\""}
		p, _, err := s.StartPreview(ctx, asked, ports)
		check(t, err)
		same(t, p.Request, asked.Request)
		same(t, reload(t, s, p.ID).Request, asked.Request)
		if status == preview.Stopped {
			stopping(t, s, p.ID, preview.User)
		}
		same(t, reload(t, s, p.ID).Request, asked.Request)
		finish(t, s, p.ID, status, because(preview.User), nil)
		same(t, reload(t, s, p.ID).Request, preview.Request{Env: asked.Request.Env})
	}
}
