package app_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"previewd/runtime/docker/dockertest"
)

// engineAPI is the engine as somebody other than previewd sees and uses it.
type engineAPI struct {
	t    testing.TB
	http *http.Client
}

// theEngine is the one that previewd uses by default.
func theEngine(t testing.TB) engineAPI {
	t.Helper()
	socket := "/var/run/docker.sock"
	if host := os.Getenv("DOCKER_HOST"); host != "" {
		socket = strings.TrimPrefix(host, "unix://")
	}
	return engineAt(t, socket)
}

func engineAt(t testing.TB, socket string) engineAPI {
	t.Helper()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return engineAPI{t, &http.Client{Transport: transport, Timeout: time.Minute}}
}

// do answers whether the engine knows what the path names.
func (e engineAPI) do(method, path string, query url.Values, out any) bool {
	e.t.Helper()
	u := "http://engine/v1.41" + path + "?" + query.Encode()
	req, err := http.NewRequest(method, u, nil)
	if err != nil {
		e.t.Fatal(err)
	}
	resp, err := e.http.Do(req)
	if err != nil {
		e.t.Fatalf("engine: %v", err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		e.t.Fatalf("engine: %s %s: %v", method, path, err)
	case resp.StatusCode == http.StatusNotFound:
		return false
	case resp.StatusCode >= 400 && resp.StatusCode != http.StatusConflict: // a conflict: somebody else does the same
		e.t.Fatalf("engine: %s %s: %s %s", method, path, resp.Status, body)
	case out != nil:
		if err := json.Unmarshal(body, out); err != nil {
			e.t.Fatalf("engine: %s %s: %v", method, path, err)
		}
	}
	return true
}

// thing is a container, a network, a volume or an image.
type thing struct {
	ID, Name       string
	State, Command string
	Labels         map[string]string
	RepoTags       []string
}

// kinds of things an installation makes, and the path of each.
var kinds = map[string]string{
	"containers": "/containers/json", "networks": "/networks", "volumes": "/volumes", "images": "/images/json",
}

// list finds all things of a kind that bear a label; "" is all of them.
func (e engineAPI) list(kind, label string) []thing {
	e.t.Helper()
	query := url.Values{"all": {"1"}}
	if label != "" {
		query.Set("filters", `{"label":["`+label+`"]}`)
	}
	var found []thing
	if kind != "volumes" {
		e.do(http.MethodGet, kinds[kind], query, &found)
		return found
	}
	var wrapped struct{ Volumes []thing }
	e.do(http.MethodGet, kinds[kind], query, &wrapped)
	for i, v := range wrapped.Volumes {
		wrapped.Volumes[i].ID = v.Name
	}
	return wrapped.Volumes
}

// runs says whether any container at all runs a command.
func (e engineAPI) runs(command string) bool {
	e.t.Helper()
	for _, c := range e.list("containers", "") {
		if strings.Contains(c.Command, command) {
			return true
		}
	}
	return false
}

// containerOf returns the id of a preview's only container.
func (e engineAPI) containerOf(previewID string) string {
	e.t.Helper()
	found := e.list("containers", "previewd.preview="+previewID)
	if len(found) != 1 {
		e.t.Fatalf("preview %s has %d containers: %+v", previewID, len(found), found)
	}
	return found[0].ID
}

// remove is docker rm -f.
func (e engineAPI) remove(container string) {
	e.t.Helper()
	e.do(http.MethodDelete, "/containers/"+container, url.Values{"force": {"1"}}, nil)
}

// signal is docker kill.
func (e engineAPI) signal(container, signal string) {
	e.t.Helper()
	e.do(http.MethodPost, "/containers/"+container+"/kill", url.Values{"signal": {signal}}, nil)
}

// stop is docker stop.
func (e engineAPI) stop(container string) {
	e.t.Helper()
	e.do(http.MethodPost, "/containers/"+container+"/stop", nil, nil)
}

// untilEnded waits until a container does not run any more, or is gone.
func (e engineAPI) untilEnded(container string) {
	e.t.Helper()
	var found struct{ State struct{ Running bool } }
	if !eventually(patience, func() bool {
		return !e.do(http.MethodGet, "/containers/"+container+"/json", nil, &found) || !found.State.Running
	}) {
		e.t.Fatalf("container %s does not end", container)
	}
}

// nothingOf waits until nothing is left that an installation made, but for images that are worth keeping.
func (e engineAPI) nothingOf(owner string) {
	e.t.Helper()
	left := map[string][]thing{}
	if !eventually(10*time.Second, func() bool {
		clear(left)
		for _, kind := range []string{"containers", "networks", "volumes"} {
			if found := e.list(kind, "previewd.owner="+owner); len(found) > 0 {
				left[kind] = found
			}
		}
		for _, image := range e.list("images", "previewd.owner="+owner) {
			if slices.ContainsFunc(image.RepoTags, func(tag string) bool { return strings.HasPrefix(tag, "previewd-empty:") }) {
				left["images"] = append(left["images"], image)
			}
		}
		return len(left) == 0
	}) {
		e.t.Errorf("left on the engine: %+v", left)
	}
}

// sweep removes all that an installation made, also what a failed test leaves.
func (e engineAPI) sweep(owner string) {
	label := "previewd.owner=" + owner
	for _, kind := range []string{"containers", "networks", "volumes", "images"} {
		for _, found := range e.list(kind, label) {
			e.do(http.MethodDelete, "/"+kind+"/"+found.ID, url.Values{"force": {"1"}}, nil)
		}
	}
}

// ownerOf tells which installation a preview belongs to.
func (e engineAPI) ownerOf(previewID string) string {
	e.t.Helper()
	found := e.list("containers", "previewd.preview="+previewID)
	if len(found) == 0 {
		e.t.Fatalf("preview %s has no container", previewID)
	}
	owner := found[0].Labels["previewd.owner"]
	dockertest.Note(e.t, owner)
	return owner
}
