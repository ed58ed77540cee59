package embedded

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// install makes a folder that looks like an installed PostgreSQL.
func install(t *testing.T, version string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"initdb", "postgres"} {
		script := "#!/bin/sh\necho '" + version + "'\n"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFind(t *testing.T) {
	v15, v17 := install(t, "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"), install(t, "postgres (PostgreSQL) 17beta2")
	old, odd, empty := install(t, "postgres (PostgreSQL) 9.6.24"), install(t, "something else"), t.TempDir()
	broken := install(t, "")
	if err := os.Remove(filepath.Join(broken, "postgres")); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		dirs  []string
		major int
		dir   string
		err   error
		says  string
	}{
		"newest":           {dirs: []string{v15, v17, old, odd, broken}, dir: v17},
		"of the cluster":   {dirs: []string{v15, v17}, major: 15, dir: v15},
		"not that version": {dirs: []string{v15}, major: 14, err: ErrVersion, says: "apt-get install postgresql-14"},
		"only a newer one": {dirs: []string{v17}, major: 15, err: ErrVersion, says: "pg_upgrade"},
		"none":             {dirs: []string{empty, odd, broken}, err: ErrNotInstalled, says: "apt-get install postgresql"},
		"too old":          {dirs: []string{old}, err: ErrNotInstalled, says: "version 13 or newer"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := find(t.Context(), c.dirs, c.major)
			if got.dir != c.dir || !errors.Is(err, c.err) {
				t.Fatalf("found %q, %v", got.dir, err)
			}
			if err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q does not say %q", err, c.says)
			}
		})
	}
}

func TestClusterVersion(t *testing.T) {
	for name, c := range map[string]struct {
		text  string // of PG_VERSION, "-" is without the file
		major int
		says  string
	}{
		"present":   {text: "15\n", major: 15},
		"no file":   {text: "-", says: "not a PostgreSQL cluster"},
		"nonsense":  {text: "root:x:0:0", says: "is not a version"},
		"too long":  {text: strings.Repeat("1", 10000), says: "is not a version"},
		"zero":      {text: "0", says: "is not a version"},
		"an ending": {text: "9.6\n", says: "is not a version"},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			if c.text != "-" {
				if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte(c.text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			major, err := clusterVersion(data)
			if major != c.major || (err == nil) != (c.says == "") {
				t.Fatalf("%d, %v", major, err)
			}
			if err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q does not say %q", err, c.says)
			}
		})
	}
	if major, err := clusterVersion(filepath.Join(t.TempDir(), "data")); major != 0 || err != nil {
		t.Errorf("without a cluster: %d, %v", major, err)
	}
}

func TestStartNamesWhatIsMissing(t *testing.T) {
	for name, c := range map[string]struct {
		o    Options
		want error
		says string
	}{
		"not installed": {Options{Dir: t.TempDir(), BinDirs: []string{t.TempDir()}}, ErrNotInstalled, "PREVIEW_DATABASE_URL"},
		"no folder":     {Options{}, nil, "no folder"},
		"a file":        {Options{Dir: "/etc/passwd"}, nil, "folder"},
		"another version's cluster": {
			Options{Dir: clusterOf(t, "14"), BinDirs: []string{install(t, "postgres (PostgreSQL) 15.1")}},
			ErrVersion, "needs version 14, this machine has 15",
		},
		"initdb fails": {Options{Dir: t.TempDir(), BinDirs: []string{failing(t)}}, nil, "cannot do it"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Start(t.Context(), c.o)
			if err == nil {
				stop(t, s)
				t.Fatal("it started")
			}
			if c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("error: %v", err)
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q does not say %q", err, c.says)
			}
		})
	}
}

func clusterOf(t *testing.T, version string) string {
	t.Helper()
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte(version+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// failing looks like a PostgreSQL whose initdb fails.
func failing(t *testing.T) string {
	t.Helper()
	dir := install(t, "postgres (PostgreSQL) 15.1")
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "initdb"), []byte("#!/bin/sh\necho cannot do it >&2\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
