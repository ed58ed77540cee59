package backendtest

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"previewd/runtime/preview"
)

func testCreate(t *testing.T, b *bench) {
	t.Helper()
	spec := b.spec("sleep")
	id := b.create(t, spec)
	i, err := b.Inspect(b.ctx, id)
	must(t, err)
	if i.ID != id || i.Kind != spec.Kind || i.PreviewID != spec.PreviewID || i.Image != spec.Image {
		t.Errorf("instance %+v does not match its spec", i)
	}
	if i.State != preview.InstanceCreated || !i.StartedAt.IsZero() || i.CreatedAt.IsZero() {
		t.Errorf("a created instance is %+v", i)
	}
	must(t, b.Start(b.ctx, id))
	must(t, b.Start(b.ctx, id)) // a second start of a running one is nothing
	i, err = b.Inspect(b.ctx, id)
	must(t, err)
	if i.State != preview.InstanceRunning || i.StartedAt.IsZero() || !i.FinishedAt.IsZero() {
		t.Errorf("a running instance is %+v", i)
	}
}

func testCreateErrors(t *testing.T, b *bench) {
	t.Helper()
	spec := b.spec("sleep")
	spec.Image = "previewd-no-such-image:none"
	_, err := b.Create(b.ctx, spec)
	wantError(t, err, preview.ErrImageNotFound)

	spec = b.spec("sleep")
	spec.Files[0].Tar = io.MultiReader(archiveHead(), brokenReader{})
	if _, err = b.Create(b.ctx, spec); err == nil {
		t.Error("a broken archive was accepted")
	}
	list, err := b.List(b.ctx)
	must(t, err)
	if len(list) != 0 {
		t.Errorf("failed creates left %v", list)
	}
}

func archiveHead() io.Reader { return io.LimitReader(archive("program.pl", Program), 1024) }

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func testFiles(t *testing.T, b *bench) {
	t.Helper()
	spec := b.spec("cat", "/app/deep/er/data.txt")
	spec.Files = append(spec.Files, preview.Upload{
		Dir: "/app", UID: 10001, GID: 10001, Tar: archive("deep/er/data.txt", []byte("content\n")),
	})
	id := b.create(t, spec)
	must(t, b.Start(b.ctx, id))
	if lines := b.output(t, id); len(lines) != 1 || string(lines[0].Text) != "content" {
		t.Errorf("the file reads %q", texts(lines))
	}
}

func testEnv(t *testing.T, b *bench) {
	t.Helper()
	spec := b.spec("env", "GREETING")
	spec.Env = map[string]string{"GREETING": "a=b \"c\""}
	id := b.create(t, spec)
	must(t, b.Start(b.ctx, id))
	if lines := b.output(t, id); len(lines) != 1 || string(lines[0].Text) != `GREETING=a=b "c"` {
		t.Errorf("the variable reads %q", texts(lines))
	}
}

func testExitCode(t *testing.T, b *bench) {
	t.Helper()
	for _, code := range []int{0, 3} {
		id := b.start(t, "exit", strconv.Itoa(code))
		i, err := b.Wait(b.ctx, id)
		must(t, err)
		if i.State != preview.InstanceExited || i.ExitCode != code || i.OOMKilled || i.FinishedAt.IsZero() {
			t.Errorf("after exit %d: %+v", code, i)
		}
	}
}

func testRestart(t *testing.T, b *bench) {
	t.Helper()
	id := b.start(t, "exit", "4")
	_, err := b.Wait(b.ctx, id)
	must(t, err)
	must(t, b.Start(b.ctx, id))
	i, err := b.Wait(b.ctx, id)
	must(t, err)
	if i.ExitCode != 4 {
		t.Errorf("second run: %+v", i)
	}
}

func testStopGraceful(t *testing.T, b *bench) {
	t.Helper()
	id := b.ready(t, "sleep")
	began := time.Now()
	must(t, b.Stop(b.ctx, id, 30*time.Second))
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("a graceful stop took %v", took)
	}
	i, err := b.Inspect(b.ctx, id)
	must(t, err)
	if i.State != preview.InstanceExited || i.ExitCode != 0 {
		t.Errorf("after the stop: %+v", i)
	}
	lines := b.output(t, id)
	if string(lines[len(lines)-1].Text) != "bye" {
		t.Errorf("the program did not get the stop signal: %q", texts(lines))
	}
}

func testStopStubborn(t *testing.T, b *bench) {
	t.Helper()
	id := b.ready(t, "stubborn")
	must(t, b.Stop(b.ctx, id, 300*time.Millisecond))
	i, err := b.Inspect(b.ctx, id)
	must(t, err)
	if i.State != preview.InstanceExited || i.ExitCode != 137 || i.OOMKilled {
		t.Errorf("after the kill: %+v", i)
	}
}

func testStopIdempotent(t *testing.T, b *bench) {
	t.Helper()
	created := b.create(t, b.spec("sleep"))
	must(t, b.Stop(b.ctx, created, 0))
	id := b.ready(t, "sleep")
	must(t, b.Stop(b.ctx, id, 0))
	must(t, b.Stop(b.ctx, id, 0))
	must(t, b.Remove(b.ctx, id))
	must(t, b.Stop(b.ctx, id, 0))
}

func testRemoveIdempotent(t *testing.T, b *bench) {
	t.Helper()
	id := b.ready(t, "stubborn") // a running one is ended by force
	must(t, b.Remove(b.ctx, id))
	must(t, b.Remove(b.ctx, id))
	_, err := b.Inspect(b.ctx, id)
	wantError(t, err, preview.ErrInstanceNotFound)
}

func testRemoveConcurrent(t *testing.T, b *bench) {
	t.Helper()
	id := b.ready(t, "sleep")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := b.Remove(b.ctx, id); err != nil {
				t.Errorf("remove: %v", err)
			}
			if _, err := b.Inspect(b.ctx, id); err == nil {
				t.Error("it is still there after Remove returned")
			}
		})
	}
	all.Wait()
}

func (b *bench) server(t *testing.T, port int) preview.Spec {
	t.Helper()
	spec := b.spec("serve")
	spec.Port, spec.Env = port, map[string]string{"PORT": strconv.Itoa(port)}
	return spec
}

// testRemoveShows: whoever sees the end of an instance that is removed can tell that from an end of its own.
func testRemoveShows(t *testing.T, b *bench) {
	t.Helper()
	id := b.ready(t, "stubborn")
	r, err := b.Logs(b.ctx, id, preview.LogsOptions{Follow: true})
	must(t, err)
	removed := make(chan error, 1)
	go func() { removed <- b.Remove(b.ctx, id) }()
	drain(t, r) // ends with the instance
	i, err := b.Inspect(b.ctx, id)
	if err != nil {
		wantError(t, err, preview.ErrInstanceNotFound)
	} else if i.State != preview.InstanceRemoving {
		t.Errorf("an instance that is being removed is %s", i.State)
	}
	must(t, <-removed)
}

func testPort(t *testing.T, b *bench) {
	t.Helper()
	port := freePort(t)
	id := b.create(t, b.server(t, port))
	must(t, b.Start(b.ctx, id))
	b.awaitLine(t, id, "ready")
	i, err := b.Inspect(b.ctx, id)
	must(t, err)
	if i.Port != port {
		t.Errorf("inspected port %d, want %d", i.Port, port)
	}
	if body := b.get(t, address(i)); body != "hello" {
		t.Errorf("the app answers %q", body)
	}
	must(t, b.Stop(b.ctx, id, time.Second))
	b.eventually(t, "nobody listens on the port", func() bool {
		c, err := new(net.Dialer).DialContext(b.ctx, "tcp", address(i))
		if err == nil {
			_ = c.Close()
		}
		return errors.Is(err, syscall.ECONNREFUSED)
	})
	if i.Host == "" {
		holdHere(t, port)
	}
}

func (b *bench) get(t *testing.T, address string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(b.ctx, http.MethodGet, "http://"+address+"/", nil)
	must(t, err)
	resp, err := http.DefaultClient.Do(req)
	must(t, err)
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	must(t, err)
	return string(body)
}

func testPortTakenByProgram(t *testing.T, b *bench) {
	t.Helper()
	port := freePort(t)
	b.hold(t, port)
	id := b.create(t, b.server(t, port))
	wantError(t, b.Start(b.ctx, id), preview.ErrPortTaken)
	i, err := b.Inspect(b.ctx, id)
	must(t, err)
	if i.State == preview.InstanceRunning {
		t.Error("it runs without its port")
	}
	must(t, b.Remove(b.ctx, id))
}

func testPortTakenByInstance(t *testing.T, b *bench) {
	t.Helper()
	port := freePort(t)
	first := b.create(t, b.server(t, port))
	must(t, b.Start(b.ctx, first))
	for range b.nodes - 1 { // each machine has the port once
		must(t, b.Start(b.ctx, b.create(t, b.server(t, port))))
	}
	second := b.create(t, b.server(t, port))
	wantError(t, b.Start(b.ctx, second), preview.ErrPortTaken)
	must(t, b.Remove(b.ctx, first))
	must(t, b.Start(b.ctx, second)) // the loser can have it later
}

func testList(t *testing.T, b *bench) {
	t.Helper()
	created := b.create(t, b.spec("sleep"))
	running := b.ready(t, "sleep")
	ended := b.start(t, "exit", "7")
	_, err := b.Wait(b.ctx, ended)
	must(t, err)
	list, err := b.List(b.ctx)
	must(t, err)
	if len(list) != 3 {
		t.Fatalf("listed %+v", list)
	}
	for id, state := range map[string]preview.InstanceState{
		created: preview.InstanceCreated, running: preview.InstanceRunning, ended: preview.InstanceExited,
	} {
		at := slices.IndexFunc(list, func(i preview.Instance) bool { return i.ID == id })
		if at < 0 || list[at].State != state || list[at].PreviewID == "" || list[at].Kind != preview.KindPreview {
			t.Errorf("want %s %s in %+v", id, state, list)
		}
		if state == preview.InstanceExited && list[at].ExitCode != 7 {
			t.Errorf("exit code of %+v", list[at])
		}
	}
}

func testWaitFromCreated(t *testing.T, b *bench) {
	t.Helper()
	id := b.create(t, b.spec("exit", "5"))
	got := make(chan preview.Instance, 1)
	go func() {
		i, err := b.Wait(b.ctx, id)
		if err != nil {
			t.Errorf("wait: %v", err)
		}
		got <- i
	}()
	must(t, b.Start(b.ctx, id))
	if i := <-got; i.State != preview.InstanceExited || i.ExitCode != 5 {
		t.Errorf("waited for %+v", i)
	}
}

func testWaitRemoved(t *testing.T, b *bench) {
	t.Helper()
	id := b.ready(t, "sleep")
	failed := make(chan error, 1)
	waiting := make(chan struct{})
	go func() {
		close(waiting)
		_, err := b.Wait(b.ctx, id)
		failed <- err
	}()
	<-waiting
	must(t, b.Remove(b.ctx, id))
	select {
	case err := <-failed: // it may have seen the exit, or nothing any more
		if err != nil {
			wantError(t, err, preview.ErrInstanceNotFound)
		}
	case <-b.ctx.Done():
		t.Fatal("Wait never returned")
	}
}

func testWaitCancelled(t *testing.T, b *bench) {
	t.Helper()
	id := b.ready(t, "sleep")
	ctx, cancel := context.WithCancel(b.ctx)
	failed := make(chan error, 1)
	go func() {
		_, err := b.Wait(ctx, id)
		failed <- err
	}()
	cancel()
	wantError(t, <-failed, context.Canceled)
}

func testUnknownInstance(t *testing.T, b *bench) {
	t.Helper()
	const id = "0000000000000000000000000000000000000000000000000000000000000000"
	_, err := b.Inspect(b.ctx, id)
	wantError(t, err, preview.ErrInstanceNotFound)
	wantError(t, b.Start(b.ctx, id), preview.ErrInstanceNotFound)
	_, err = b.Wait(b.ctx, id)
	wantError(t, err, preview.ErrInstanceNotFound)
	_, err = b.Logs(b.ctx, id, preview.LogsOptions{})
	wantError(t, err, preview.ErrInstanceNotFound)
	_, err = b.Stats(b.ctx, id)
	wantError(t, err, preview.ErrInstanceNotFound)
	_, err = b.DiskUsage(b.ctx, id)
	wantError(t, err, preview.ErrInstanceNotFound)
	_, err = b.Commit(b.ctx, id, preview.CommitSpec{Tag: "previewd-test-none:1"})
	wantError(t, err, preview.ErrInstanceNotFound)
	must(t, b.Stop(b.ctx, id, 0))
	must(t, b.Remove(b.ctx, id))
}

func testOutOfMemory(t *testing.T, b *bench) {
	t.Helper()
	i, err := b.Wait(b.ctx, b.start(t, "hog"))
	must(t, err)
	if !i.OOMKilled || i.ExitCode != 137 {
		t.Errorf("after running out of memory: %+v", i)
	}
}
