package storagetest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage"
)

// childMode makes the test binary a test process that is going to be killed.
const childMode = "PREVIEWD_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childMode) != "" {
		c, err := newCluster(context.Background())
		fmt.Println(c != nil, err)
		select {}
	}
	Main(m)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	a, b := New(t), New(t)
	_, err := a.PutGeneration(t.Context(), preview.Generation{ID: "g", UserID: "u", ProjectID: "p"}, nil, nil)
	check(t, err)
	if _, err := b.Generation(t.Context(), "g"); !errors.Is(err, preview.ErrGenerationNotFound) {
		t.Errorf("one test sees another's rows: %v", err)
	}
}

func TestEmptyURLStartsEmptyAndEndsWithTheTest(t *testing.T) {
	var url string
	t.Run("inner", func(t *testing.T) {
		url = EmptyURL(t)
		s, err := storage.Open(t.Context(), url, storage.Options{})
		check(t, err)
		defer func() { check(t, s.Close()) }()
		list, err := s.MigrationStatus(t.Context())
		check(t, err)
		for _, m := range list {
			if m.AppliedAt != nil {
				t.Errorf("%s is applied", m.Name)
			}
		}
	})
	if s, err := storage.Open(t.Context(), url, storage.Options{}); err == nil {
		_ = s.Close()
		t.Error("the database outlived its test")
	}
}

func TestAServerThatIsGiven(t *testing.T) {
	given := EmptyURL(t)
	t.Setenv("PREVIEW_TEST_DATABASE_URL", given)
	c, err := newCluster(t.Context())
	check(t, err)
	url, drop, err := c.clone(t.Context())
	check(t, err)
	s, err := storage.Open(t.Context(), url, storage.Options{})
	check(t, err)
	_, err = s.Owner(t.Context())
	check(t, err)
	check(t, s.Close())
	check(t, drop(t.Context()))
	check(t, c.close())

	all, err := shared.get()
	check(t, err)
	var left int
	check(t, all.admin.QueryRow(`select count(*) from pg_database where datname = $1`, c.template).Scan(&left))
	if left != 0 {
		t.Error("the template was left on the server")
	}
}

func TestWhatCannotBeUsed(t *testing.T) {
	for _, url := range []string{"host=/tmp", "postgres://nobody@127.0.0.1:1/x?sslmode=disable", "postgres://%zz"} {
		t.Setenv("PREVIEW_TEST_DATABASE_URL", url)
		if c, err := newCluster(t.Context()); err == nil {
			t.Errorf("%s: %+v", url, c)
		}
	}
	t.Setenv("PREVIEW_TEST_DATABASE_URL", "")
	file := filepath.Join(t.TempDir(), "file")
	check(t, os.WriteFile(file, nil, 0o600))
	t.Setenv("TMPDIR", file)
	if _, err := startServer(t.Context()); err == nil {
		t.Error("a server without a folder")
	}
}

func TestAServerThatRefusesToCreate(t *testing.T) {
	t.Setenv("PREVIEW_TEST_DATABASE_URL", EmptyURL(t)+"&default_transaction_read_only=on")
	if _, err := newCluster(t.Context()); err == nil || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("error: %v", err)
	}
}

func TestOneServerForAll(t *testing.T) {
	t.Setenv("PREVIEW_TEST_DATABASE_URL", EmptyURL(t))
	var l lazyCluster
	first, err := l.get()
	check(t, err)
	second, err := l.get()
	check(t, err)
	if first != second {
		t.Error("there are two")
	}
	check(t, l.close())

	var unused lazyCluster
	check(t, unused.close())
	if _, err := unused.get(); err == nil {
		t.Error("it was made after its end")
	}
}

// outcome notes how a test would have ended.
type outcome struct {
	testing.TB
	fatal, skipped bool
}

func (o *outcome) Helper()               {}
func (o *outcome) Fatalf(string, ...any) { o.fatal = true }
func (o *outcome) Skipf(string, ...any)  { o.skipped = true }

func TestWithoutPostgresCIFails(t *testing.T) {
	for ci, want := range map[string]bool{"true": true, "": false} {
		t.Setenv("CI", ci)
		var o outcome
		unavailable(&o, errors.New("none"))
		if o.fatal != want {
			t.Errorf("CI=%q: %+v", ci, o)
		}
		if !o.fatal && !o.skipped {
			t.Errorf("CI=%q: it went on", ci)
		}
	}
}

func TestAKilledTestProcessLeavesNothing(t *testing.T) {
	temporary := t.TempDir()
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), childMode+"=1", "TMPDIR="+temporary, "PREVIEW_TEST_DATABASE_URL=")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	check(t, err)
	if strings.TrimSpace(line) != "true <nil>" {
		unavailable(t, errors.New(line))
	}
	folders, err := filepath.Glob(filepath.Join(temporary, folderPrefix+"*"))
	check(t, err)
	if len(folders) != 1 {
		t.Fatalf("folders: %v", folders)
	}
	t.Setenv("TMPDIR", temporary)
	removeAbandoned() // it is in use
	if _, err := os.Stat(filepath.Join(folders[0], "data", "PG_VERSION")); err != nil {
		t.Fatal("the folder of a living process was removed")
	}

	check(t, cmd.Process.Kill())
	_ = cmd.Wait()
	await(t, "the server's end", func() bool {
		_, err := os.Stat(filepath.Join(folders[0], "data", "postmaster.pid"))
		return os.IsNotExist(err)
	})
	removeAbandoned()
	if _, err := os.Stat(folders[0]); !os.IsNotExist(err) {
		t.Errorf("the folder is left: %v", err)
	}
}

func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for !done() {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func BenchmarkNew(b *testing.B) {
	URL(b)
	c, err := shared.get()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		_, drop, err := c.clone(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if err := drop(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
