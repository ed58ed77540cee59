package releasetest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const changelog = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-02\n"

// TestRefusals: what is no release of exactly one commit with a version is refused before anything is built.
func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(repo)
		version string
		want    string
	}{
		"a change":              {func(r repo) { r.write("README.md", "more") }, "", "the working tree has changes"},
		"a new file":            {func(r repo) { r.write("new", "") }, "v1.2.3", "the working tree has changes"},
		"no tag":                {func(repo) {}, "", "this commit has no version's tag"},
		"a tag of other things": {func(r repo) { r.git("tag", "nightly") }, "", "this commit has no version's tag"},
		"an older tag":          {func(r repo) { r.git("tag", "v1.2.3"); r.write("README.md", "more"); r.commit() }, "", "this commit has no version's tag"},
		"no semantic version":   {func(r repo) { r.git("tag", "v1.2") }, "", "v1.2 is no version"},
		"a path as a version":   {func(repo) {}, "v1.2.3-../../x", "v1.2.3-../../x is no version"},
		"not described":         {func(r repo) { r.git("tag", "v1.2.4") }, "", "CHANGELOG.md does not describe 1.2.4"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRepo(t)
			c.prepare(r)
			said, err := r.release(c.version)
			if err == nil || !strings.HasPrefix(said, "error: "+c.want+"\n") {
				t.Errorf("%v: %s", err, said)
			}
			if strings.Count(said, "\n") < 2 {
				t.Errorf("it does not say what to do: %s", said)
			}
		})
	}
}

// TestAcceptance: with all that in order it goes on, here to what it misses next.
func TestAcceptance(t *testing.T) {
	for _, version := range []string{"", "v9.9.9-try"} {
		r := newRepo(t)
		r.git("tag", "v1.2.3")
		if said, err := r.release(version); err == nil || !strings.HasPrefix(said, "error: npm is missing") {
			t.Errorf("%q: %v: %s", version, err, said)
		}
	}
}

// repo is a repository with the scripts and a change log.
type repo struct {
	t   *testing.T
	dir string
}

func newRepo(t *testing.T) repo {
	t.Helper()
	r := repo{t, t.TempDir()}
	if err := os.CopyFS(filepath.Join(r.dir, "scripts"), os.DirFS("..")); err != nil {
		t.Fatal(err)
	}
	r.write("README.md", "# previewd\n")
	r.write("CHANGELOG.md", changelog)
	r.git("init", "--quiet")
	r.commit()
	return r
}

func (r repo) write(name, text string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

func (r repo) commit() {
	r.t.Helper()
	r.git("add", "--all")
	r.git("commit", "--quiet", "--message", "a commit")
}

func (r repo) git(args ...string) {
	r.t.Helper()
	all := append([]string{"-C", r.dir, "-c", "user.name=test", "-c", "user.email=test@example.com"}, args...)
	if out, err := exec.CommandContext(r.t.Context(), "git", all...).CombinedOutput(); err != nil {
		r.t.Fatalf("git %s: %v\n%s", args[0], err, out)
	}
}

// release runs the script with the programs that every system has, so without npm: it never comes to build anything.
func (r repo) release(version string) (string, error) {
	r.t.Helper()
	bin := r.t.TempDir()
	for _, name := range []string{"bash", "git", "dirname", "grep", "date"} {
		path, err := exec.LookPath(name)
		if err == nil {
			err = os.Symlink(path, filepath.Join(bin, name))
		}
		if err != nil {
			r.t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(r.t.Context(), filepath.Join(r.dir, "scripts/release"))
	cmd.Env = []string{"PATH=" + bin, "HOME=" + bin, "VERSION=" + version}
	out, err := cmd.CombinedOutput()
	return string(out), err
}
