package logs_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/docker"
	"previewd/runtime/logs"
	"previewd/runtime/preview"
)

// script writes numbered lines to both streams, some of them longer than the engine takes at once.
const script = `
long=$(head -c 40000 /dev/zero | tr '\0' x)
i=0
while [ $i -lt 3000 ]; do
	case $((i % 100)) in
	50) echo "$i $long" ;;
	51) echo "$i $long" >&2 ;;
	*[13579]) echo "$i" >&2 ;;
	*) echo "$i" ;;
	esac
	i=$((i + 1))
done`

// prefixStore takes lines until it has enough, as the database of a previewd that is killed then.
type prefixStore struct {
	mu    sync.Mutex
	lines []preview.LogLine
	limit int
	full  chan struct{}
}

func (s *prefixStore) AppendLogs(ctx context.Context, lines []preview.LogLine) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range lines {
		if len(s.lines) == s.limit {
			select {
			case <-s.full:
			default:
				close(s.full)
			}
			return nil // it is dead: what it is told is lost
		}
		if l.Seq == int64(len(s.lines)+1) {
			s.lines = append(s.lines, l)
		}
	}
	return ctx.Err()
}

func (s *prefixStore) LogLines(_ context.Context, _ string, after int64, limit int) ([]preview.LogLine, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rest := s.lines[min(after, int64(len(s.lines))):]
	return slices.Clone(rest[:min(limit, len(rest))]), nil
}

func (s *prefixStore) LogPosition(context.Context, string) (preview.LogPosition, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	pos := preview.LogPosition{Seq: int64(len(s.lines))}
	if pos.Seq > 0 {
		last := s.lines[pos.Seq-1]
		pos.Instance, pos.Origin, pos.SameOrigin = last.OriginInstance, last.Origin, 1
	}
	return pos, nil
}

func engine(t *testing.T) *docker.Backend {
	t.Helper()
	const image = "debian:trixie-slim"
	b, err := docker.New(docker.Options{Owner: fmt.Sprintf("previewdtest-%d-logs", os.Getpid())})
	if err == nil {
		_, err = b.ImageID(t.Context(), image)
	}
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("no Docker engine with %s: %v", image, err)
	default:
		t.Skipf("no Docker engine with %s: %v", image, err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func runScript(t *testing.T, b *docker.Backend) string {
	t.Helper()
	id, err := b.Create(t.Context(), preview.Spec{
		Kind: preview.KindPreview, PreviewID: preview.NewID(), Image: "debian:trixie-slim", Network: preview.NetworkNone,
		Entrypoint: []string{"/bin/sh", "-c", script}, User: "1000:1000", WorkDir: "/tmp",
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Remove(context.WithoutCancel(t.Context()), id); err != nil {
			t.Error(err)
		}
	})
	if err := b.Start(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	return id
}

// follow runs one previewd's part until the instance has ended or the store has what it takes.
func follow(t *testing.T, b *docker.Backend, store *prefixStore, id string) {
	t.Helper()
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	l := logs.New(logs.Options{Store: store, Log: logrus.NewEntry(&logrus.Logger{Out: t.Output(), Formatter: &logrus.TextFormatter{}}), BatchLines: 100, FlushEvery: time.Millisecond})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = l.Run(ctx) // being killed is the point
	}()
	j, err := l.Open(ctx, "p", nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.Logs(ctx, id, preview.LogsOptions{Follow: true, Since: j.Since(id)})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	full := store.full // the next one is made while this may still be on its way
	go func() {
		select {
		case <-full:
			kill()
		case <-ctx.Done():
		}
	}()
	if err := j.Pump(ctx, r, id, nil); err == nil {
		_ = j.Close(ctx) // or the store is full meanwhile
	}
	kill()
	<-ended
}

// previewd is killed again and again while a real instance writes.
func TestResumeOnARealEngine(t *testing.T) {
	b := engine(t)
	id := runScript(t, b)
	store := &prefixStore{}
	for _, limit := range []int{1, 49, 50, 51, 52, 151, 700, 1251, 1252, 2000, 2999, 10_000} {
		store.limit, store.full = limit, make(chan struct{})
		follow(t, b, store, id)
	}
	var want [2][]string
	for i := range 3000 {
		text := fmt.Sprint(i)
		if n := i % 100; n == 50 || n == 51 {
			text += " " + strings.Repeat("x", 40_000)
		}
		want[i%2] = append(want[i%2], text)
	}
	for i, stream := range []preview.Stream{preview.Stdout, preview.Stderr} {
		var got []string
		for _, l := range store.lines {
			if l.Stream == stream {
				got = append(got, l.Message)
			}
		}
		if !slices.Equal(got, want[i]) {
			t.Errorf("%s has %d lines, want %d", stream, len(got), len(want[i]))
			for k := range min(len(got), len(want[i])) {
				if got[k] != want[i][k] {
					t.Fatalf("line %d is %.20q, want %.20q", k, got[k], want[i][k])
				}
			}
		}
	}
}
