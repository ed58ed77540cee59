package worker_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"previewd/runtime/endpoints/worker"
	"previewd/runtime/source"
)

// TestMain makes the test binary a worker, as previewd is one.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "worker" {
		if err := misbehave(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// misbehave does what a parser that a stranger leads astray would do, when the input says so.
func misbehave(what string) error {
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	switch string(input) {
	case "eat":
		var all [][]byte
		for len(all) < 100 { // 1.6 GB
			all = append(all, bytes.Repeat([]byte("x"), 16<<20))
		}
		return errors.New("ate too much")
	case "spin":
		for n := 0; ; n++ {
			if n < 0 {
				return nil
			}
		}
	case "crash":
		panic("as told")
	case "environment":
		return fmt.Errorf("%q", os.Environ())
	case "write":
		return os.WriteFile("/tmp/previewd-worker-test", []byte("x"), 0o600)
	case "flood":
		for range 100 {
			fmt.Print(strings.Repeat(" ", 1<<20))
		}
		return nil
	}
	return worker.Main(context.Background(), what, bytes.NewReader(input), os.Stdout)
}

func pool(t *testing.T) *worker.Pool {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return worker.NewPool(self, "worker")
}

func TestSource(t *testing.T) {
	dir := t.TempDir()
	app := "package main\n\nimport \"net/http\"\n\nfunc main() { http.HandleFunc(\"GET /a\", nil) }\n"
	for name, text := range map[string]string{"main.go": app, "go.mod": "module app\n"} {
		if err := os.WriteFile(dir+"/"+name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tree, _, err := source.FromDir(dir, source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	archive, err := tree.Archive()
	if err != nil {
		t.Fatal(err)
	}
	found, err := pool(t).Source(t.Context(), archive)
	if err != nil {
		t.Fatal(err)
	}
	if found.Digest != tree.Digest() || len(found.Endpoints) != 1 || found.Endpoints[0].Path != "/a" || found.Endpoints[0].Source.Line != 5 {
		t.Errorf("%+v", found)
	}
}

func TestDocument(t *testing.T) {
	found, err := pool(t).Document(t.Context(), []byte(`{"openapi":"3.0.0","info":{"title":"x","version":"1"},"paths":{"/a":{"get":{"responses":{}}}}}`))
	if err != nil || len(found) != 1 {
		t.Error(found, err)
	}
	if _, err := pool(t).Document(t.Context(), []byte("hello")); !errors.Is(err, worker.ErrGaveUp) {
		t.Error(err)
	}
}

// TestLedAstray has workers that crash, eat memory, write and look around.
func TestLedAstray(t *testing.T) {
	t.Setenv("PREVIEW_JWT_SECRET", "hidden")
	inputs := []string{"crash", "write", "flood", "environment"}
	if !worker.Raced { // without the limit it would eat what the machine has
		inputs = append(inputs, "eat")
	}
	for _, input := range inputs {
		t.Run(input, func(t *testing.T) {
			_, err := pool(t).Document(t.Context(), []byte(input))
			if !errors.Is(err, worker.ErrGaveUp) {
				t.Fatal(err)
			}
			if strings.Contains(err.Error(), "hidden") || strings.Contains(err.Error(), "ate too much") {
				t.Error(err)
			}
		})
	}
}

func TestCallerGoesAway(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := pool(t).Source(ctx, []byte("spin"))
	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, worker.ErrGaveUp) && ctx.Err() == nil {
		t.Error(err)
	}
}

func TestWhatIsNoTask(t *testing.T) {
	if err := worker.Main(t.Context(), "nonsense", strings.NewReader(""), io.Discard); err == nil {
		t.Error("did something")
	}
	if err := worker.Main(t.Context(), worker.Source, strings.NewReader("no archive"), io.Discard); err == nil {
		t.Error("read something")
	}
}
