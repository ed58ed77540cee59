package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/endpoints"
	"previewd/runtime/endpoints/catalog"
	"previewd/runtime/endpoints/worker"
	"previewd/runtime/preview"
	"previewd/runtime/upstream"
)

// bed is a catalog whose parts do what a test says.
type bed struct {
	*catalog.Catalog
	mu       sync.Mutex
	digest   string // of the files as they are now
	kept     map[string][]byte
	counts   map[string]int
	reads    int
	asked    []string
	document bool // the app has one
	refuse   error
	slow     time.Duration
}

func newBed() *bed {
	log, _ := logtest.NewNullLogger()
	b := &bed{digest: "d1", kept: map[string][]byte{}, counts: map[string]int{}}
	b.Catalog = catalog.New(catalog.Options{Store: b, Reader: b, Apps: b, Version: "v1", Log: logrus.NewEntry(log)})
	return b
}

func (b *bed) Generation(context.Context, string) (preview.Generation, error) {
	return b.generation(), nil
}

func (b *bed) generation() preview.Generation { return preview.Generation{ID: "g", Digest: b.digest} }

func (b *bed) GenerationArchive(context.Context, string) ([]byte, error) {
	return []byte(b.digest), nil
}

func (b *bed) Endpoints(_ context.Context, id, digest, version string) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.kept[id+digest+version], nil
}

func (b *bed) PutEndpoints(_ context.Context, id, digest, version string, found []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept[id+digest+version] = found
	return nil
}

func (b *bed) SetEndpointsCount(_ context.Context, id string, n int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counts[id] = n
	return nil
}

// Source finds one endpoint, whose path is the digest, and a page of documents.
func (b *bed) Source(ctx context.Context, archive []byte) (worker.Read, error) {
	b.mu.Lock()
	b.reads++
	refuse := b.refuse
	b.mu.Unlock()
	if b.slow > 0 {
		select {
		case <-time.After(b.slow):
		case <-ctx.Done():
			return worker.Read{}, ctx.Err()
		}
	}
	return worker.Read{Digest: string(archive), Documents: true, Result: endpoints.Result{Endpoints: []endpoints.Endpoint{
		{Method: "GET", Path: "/" + string(archive)}, {Method: "GET", Path: "/docs", Builtin: true},
	}}}, refuse
}

func (b *bed) Document(context.Context, []byte) ([]endpoints.Endpoint, error) {
	return []endpoints.Endpoint{{Method: "GET", Path: "/told"}}, nil
}

func (b *bed) Ask(_ context.Context, _ preview.Preview, r upstream.Request, _ upstream.Limits) (upstream.Answer, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = append(b.asked, r.Target)
	if b.document && r.Target == "/swagger.json" {
		return upstream.Answer{Status: 200, Body: []byte(`{"openapi":"3.0.0","paths":{}}`)}, nil
	}
	return upstream.Answer{Status: 404}, nil
}

func (b *bed) paths(t *testing.T, p *preview.Preview) []string {
	t.Helper()
	l, err := b.List(t.Context(), b.generation(), p)
	if err != nil {
		t.Fatal(err)
	}
	list := []string{fmt.Sprint(l.Complete)}
	for _, e := range l.Endpoints {
		list = append(list, e.Path)
	}
	return list
}

func want(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestReadOnce(t *testing.T) {
	b := newBed()
	want(t, b.paths(t, nil), "true", "/d1")
	want(t, b.paths(t, nil), "true", "/d1")
	b.digest = "d2"
	want(t, b.paths(t, nil), "true", "/d2")
	if b.reads != 2 {
		t.Errorf("read %d times", b.reads)
	}
	if l, _ := b.List(t.Context(), b.generation(), nil); len(l.Builtin) != 1 {
		t.Errorf("%+v", l.Builtin)
	}
}

// TestUnreadable tells files that cannot be read from a reading that failed: the latter is tried again.
func TestUnreadable(t *testing.T) {
	b := newBed()
	b.refuse = errors.New("no process")
	if _, err := b.List(t.Context(), b.generation(), nil); err == nil {
		t.Error("no error")
	}
	b.refuse = worker.ErrGaveUp
	for range 2 {
		if l, err := b.List(t.Context(), b.generation(), nil); err != nil || len(l.Endpoints) > 0 || len(l.Warnings) != 1 {
			t.Errorf("%+v, %v", l, err)
		}
	}
	if b.reads != 2 {
		t.Errorf("read %d times", b.reads)
	}
}

func TestManyWaitForOneReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed()
		b.slow = catalog.Patience + time.Second
		var waiting sync.WaitGroup
		for range 5 {
			waiting.Go(func() { want(t, b.paths(t, nil), "false") })
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := b.List(gone, b.generation(), nil); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		waiting.Wait()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		want(t, b.paths(t, nil), "true", "/d1")
		if b.reads != 1 {
			t.Errorf("read %d times", b.reads)
		}
	})
}

func TestAppsAreAskedSparingly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed()
		p := &preview.Preview{ID: "p", GenerationID: "g", Status: preview.Running}
		want(t, b.paths(t, p), "true", "/d1")
		first := len(b.asked)
		b.document = true
		want(t, b.paths(t, p), "true", "/d1")
		if len(b.asked) != first {
			t.Error("an app without a document was asked again at once")
		}
		time.Sleep(6 * time.Minute)
		want(t, b.paths(t, p), "true", "/d1", "/told")
		found := len(b.asked)
		want(t, b.paths(t, p), "true", "/d1", "/told")
		if len(b.asked) != found {
			t.Error("asked again at once")
		}
		time.Sleep(time.Minute)
		want(t, b.paths(t, p), "true", "/d1", "/told")
		if len(b.asked) != found+1 {
			t.Errorf("asked %q for a document whose place is known", b.asked[found:])
		}
		b.document = false
		time.Sleep(time.Minute)
		want(t, b.paths(t, p), "true", "/d1")
		p.Status = preview.Stopped
		asked := len(b.asked)
		want(t, b.paths(t, p), "true", "/d1")
		if b.counts["p"] != 1 || len(b.asked) != asked {
			t.Errorf("%v %q", b.counts, b.asked[asked:])
		}
	})
}

func TestWatch(t *testing.T) {
	b := newBed()
	changes := make(chan preview.Preview, 10)
	for _, p := range []preview.Preview{
		{ID: "runs", Status: preview.Starting},
		{ID: "runs", Status: preview.Running},
		{ID: "runs", Status: preview.Running},
		{ID: "fails", Status: preview.Starting},
		{ID: "fails", Status: preview.Failed},
		{ID: "starts", Status: preview.Starting},
	} {
		changes <- p
	}
	close(changes)
	b.Watch(t.Context(), changes)
	if len(b.counts) != 2 || b.counts["runs"] != 1 || b.counts["fails"] != 1 {
		t.Errorf("%v", b.counts)
	}
}
