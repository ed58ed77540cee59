//go:build compose

package composetest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"previewd/runtime/preview"
	"previewd/runtime/source"
	"previewd/server/client"
)

// spy tells what a preview can reach.
const spy = `
const net = require('net'), fs = require('fs'), http = require('http')
const hex = fs.readFileSync('/proc/net/route', 'utf8').split('\n').map(l => l.split('\t')).find(f => f[1] === '00000000')[2]
const host = hex.match(/../g).reverse().map(h => parseInt(h, 16)).join('.')
http.createServer((q, a) => {
  const [, what, arg] = q.url.split('/')
  if (what === 'exists') return a.end(String(fs.existsSync(decodeURIComponent(arg))))
  if (what !== 'reach') return a.end('hello')
  const c = net.connect({host, port: Number(arg), timeout: 2000})
  const say = w => { c.destroy(); a.end(w) }
  c.on('connect', () => say('open')).on('timeout', () => say('closed')).on('error', () => say('closed'))
}).listen(process.env.PORT)`

const hoarder = `
const fs = require('fs')
const hoard = () => {
  for (let n = 0; n < 4; n++) {
    const f = fs.openSync('hoard', 'w')
    fs.writeSync(f, Buffer.alloc(32 << 20, 1))
    fs.unlinkSync('hoard')
  }
}
require('http').createServer((q, a) => a.end('hello', () => q.url === '/hoard' && hoard())).listen(process.env.PORT)`

const hungry = `const all = []; for (;;) all.push(Buffer.alloc(8 << 20, 1))`

// TestAnOperatorsFirstDay brings the stack up, previews, breaks what can break, restores a backup, and takes it down.
func TestAnOperatorsFirstDay(t *testing.T) {
	s := bringUp(t)
	p := s.launch("spy", spy)
	if _, body, err := get(t.Context(), p.BaseURL+"/"); err != nil || body != "hello" {
		t.Fatalf("the preview answers %q, %v", body, err)
	}
	s.shows(panel{"overview", "Running", 0}, 1)
	s.isolated(p)
	s.hoards()
	for _, b := range s.breakages() {
		s.breaks(b)
	}
	if _, body, err := get(t.Context(), p.BaseURL+"/"); err != nil || body != "hello" {
		t.Errorf("after all that the preview answers %q, %v", body, err)
	}
	owner := docker(t, "ps", "--filter", "label=previewd.preview="+p.ID, "--format", `{{.Label "previewd.owner"}}`)
	s.restores(p)
	s.compose("stop", "--timeout", "30", "previewd")
	if left := docker(t, "ps", "--all", "--quiet", "--filter", "label=previewd.owner="+owner); owner == "" || left != "" {
		t.Errorf("of %q is left: %s", owner, left)
	}
}

// launch previews a program.
func (s *stack) launch(id, program string) client.Launched {
	s.t.Helper()
	launched, err := s.try(id, program)
	if err != nil || launched.Status != string(preview.Running) {
		status, _ := s.Status(s.t.Context(), id)
		s.t.Fatalf("launch %s: %s, %v: %s %s", id, launched.Status, err, status.Reason, status.Message)
	}
	return launched
}

func (s *stack) try(id, program string) (client.Launched, error) {
	s.t.Helper()
	tree, err := source.FromFiles(map[string]source.File{
		"package.json": {Content: []byte(`{"scripts": {"start": "node server.js"}}`)}, "server.js": {Content: []byte(program)},
	}, source.Limits{})
	if err != nil {
		s.t.Fatal(err)
	}
	archive, err := tree.Archive()
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.PutGeneration(s.t.Context(), id, "test", archive); err != nil {
		s.t.Fatal(err)
	}
	return s.Launch(s.t.Context(), id, client.LaunchRequest{ProjectID: "test", Wait: true, MemoryMB: 128})
}

// isolated looks from inside a preview, and at what the containers were given.
func (s *stack) isolated(p client.Launched) {
	s.t.Helper()
	inside := func(path string) string {
		_, body, err := get(s.t.Context(), p.BaseURL+path)
		if err != nil {
			s.t.Fatal(err)
		}
		return body
	}
	for _, port := range []string{s.listen, "5432", "2375"} {
		if said := inside("/reach/" + port); said != "closed" {
			s.t.Errorf("port %s of the host is %s to a preview", port, said)
		}
	}
	for _, socket := range []string{"/var/run/docker.sock", "/var/run/postgresql/.s.PGSQL.5432"} {
		if said := inside("/exists/" + strings.ReplaceAll(socket, "/", "%2F")); said != "false" {
			s.t.Errorf("%s is there in a preview: %s", socket, said)
		}
	}
	if network := s.inspect("postgres", "{{.HostConfig.NetworkMode}}"); network != "none" {
		s.t.Errorf("PostgreSQL is on the network %s", network)
	}
	for service, want := range map[string]bool{"previewd": true, "postgres": false, "prometheus": false} {
		if has := strings.Contains(s.inspect(service, "{{json .Mounts}}"), "docker.sock"); has != want {
			s.t.Errorf("%s has the engine's socket: %v", service, has)
		}
	}
}

// hoards fills the disk with files that no listing shows, and is ended for it: previewd sees them from its container.
func (s *stack) hoards() {
	s.t.Helper()
	p := s.launch("hoarder", hoarder)
	if _, _, err := get(s.t.Context(), p.BaseURL+"/hoard"); err != nil {
		s.t.Error(err)
	}
	s.await("the end of the hoarder", func(ctx context.Context) error {
		status, err := s.Status(ctx, "hoarder")
		if err == nil && status.Reason != preview.DiskFull {
			err = fmt.Errorf("it is %s, %s", status.Status, status.Reason)
		}
		return err
	})
}

func second[T any](_ T, err error) error { return err }

func get(ctx context.Context, url string) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body), err
}
