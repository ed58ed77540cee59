package diskwatch_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/diskwatch"
	"previewd/runtime/preview"
)

const mb = 1 << 20

type engine struct {
	mu      sync.Mutex
	list    []preview.Instance
	used    map[string]int64
	looks   int
	listErr error
	failed  map[string]*preview.Reason
}

func (e *engine) List(context.Context) ([]preview.Instance, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.looks++
	return e.list, e.listErr
}

func (e *engine) DiskUsage(_ context.Context, id string) (int64, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch id {
	case "gone":
		return 0, preview.ErrInstanceNotFound
	case "odd":
		return 0, errors.New("cannot read")
	}
	return e.used[id], nil
}

func (e *engine) Fail(id string, reason *preview.Reason) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.failed[id] = reason
}

func (e *engine) times() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.looks
}

func watch(e *engine, free func() (uint64, error)) *diskwatch.Watch {
	e.failed = map[string]*preview.Reason{}
	logger, _ := test.NewNullLogger()
	return diskwatch.New(diskwatch.Options{
		Engine: e, Failer: e, Limit: 100 * mb, InstallLimit: 1000 * mb, Every: time.Second, Full: time.Minute, Free: free, Log: logrus.NewEntry(logger),
	})
}

func running(id string, kind preview.Kind) preview.Instance {
	return preview.Instance{ID: id, PreviewID: "p-" + id, Kind: kind, State: preview.InstanceRunning}
}

func TestEndsWhoIsOverTheLimitOfItsKind(t *testing.T) {
	e := &engine{
		list: []preview.Instance{
			running("small", preview.KindPreview), running("large", preview.KindPreview), running("gone", preview.KindPreview),
			running("deps", preview.KindInstall), running("hugedeps", preview.KindInstall),
			{ID: "large", PreviewID: "ended", State: preview.InstanceExited},
		},
		used: map[string]int64{"small": 99 * mb, "large": 150 * mb, "deps": 900 * mb, "hugedeps": 1200 * mb},
	}
	if err := watch(e, nil).Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(e.failed) != 2 {
		t.Fatalf("ended %v", e.failed)
	}
	r := e.failed["p-large"]
	if r.Code != preview.DiskFull || !strings.Contains(r.Message, "wrote 150 MB") || r.Evidence.DiskLimit != 100*mb {
		t.Errorf("reason %+v", r)
	}
	if r := e.failed["p-hugedeps"]; r == nil || !strings.Contains(r.Message, "install") {
		t.Errorf("reason %+v", r)
	}
}

func TestOneUnreadableInstanceHidesNoOther(t *testing.T) {
	e := &engine{list: []preview.Instance{running("odd", preview.KindPreview), running("large", preview.KindPreview)}, used: map[string]int64{"large": 150 * mb}}
	if err := watch(e, nil).Once(t.Context()); err == nil || e.failed["p-large"] == nil {
		t.Errorf("Once = %v, ended %v", err, e.failed)
	}
	e.listErr = preview.ErrEngineUnavailable
	if err := watch(e, nil).Once(t.Context()); !errors.Is(err, preview.ErrEngineUnavailable) {
		t.Errorf("Once = %v", err)
	}
}

func TestLooksWhenTheHostLosesSpace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		space := uint64(1000 * mb)
		e := &engine{listErr: errors.New("still counts as a look")}
		w := watch(e, func() (uint64, error) { mu.Lock(); defer mu.Unlock(); return space, nil })
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); w.Run(ctx) }()
		time.Sleep(10500 * time.Millisecond)
		if n := e.times(); n != 1 {
			t.Errorf("%d looks while nothing changed, want the first one", n)
		}
		mu.Lock()
		space -= 30 * mb
		mu.Unlock()
		time.Sleep(time.Second)
		if n := e.times(); n != 2 {
			t.Errorf("%d looks after space was lost, want 2", n)
		}
		time.Sleep(2 * time.Minute)
		if n := e.times(); n != 4 {
			t.Errorf("%d looks after two quiet minutes, want 4", n)
		}
		cancel()
		<-done
	})
}

func TestFreeBytes(t *testing.T) {
	if free, err := diskwatch.FreeBytes(t.TempDir())(); err != nil || free == 0 {
		t.Errorf("FreeBytes = %d, %v", free, err)
	}
	if _, err := diskwatch.FreeBytes("/no/such/folder")(); err == nil {
		t.Error("free space of a missing folder")
	}
}
