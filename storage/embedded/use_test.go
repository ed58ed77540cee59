package embedded

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestAServerIsUsedBesideItsOwnerAndWithout(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Options{Dir: dir})
	beside, err := Use(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if got := query(t, beside.URL, "select 'hello'"); got != "hello" || beside.Programs != s.Programs() {
		t.Errorf("%s by the programs of %s", got, beside.Programs)
	}
	if err := beside.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	query(t, s.URL(), "select 'still here'")
	stop(t, s)

	alone, err := Use(t.Context(), Options{Dir: dir, Settings: fast})
	if err != nil {
		t.Fatal(err)
	}
	query(t, alone.URL, "select 'hello'")
	if err := alone.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	noServers(t, dir)
}

// A lock without a server is a previewd that starts or ends.
func TestAServerThatDoesNotAnswerIsNotUsed(t *testing.T) {
	dir := t.TempDir()
	stop(t, start(t, Options{Dir: dir}))
	lock, err := takeLock(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Close() }()
	if _, err := Use(t.Context(), Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "cannot be reached") {
		t.Errorf("error: %v", err)
	}
	if _, err := Use(t.Context(), Options{Dir: filepath.Join(dir, "lock")}); err == nil {
		t.Error("a file is used as a folder")
	}
}
