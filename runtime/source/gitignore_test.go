package source

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// gitFiles asks git itself which files of a folder are not ignored.
func gitFiles(t *testing.T, dir string) []string {
	t.Helper()
	git := func(args ...string) []byte {
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "GIT_DIR="+filepath.Join(dir, ".git"), "GIT_WORK_TREE="+dir)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("git %v: %v: %s", args, err, stderr.String())
		}
		return out
	}
	git("init", "-q")
	list := strings.Split(strings.TrimSuffix(string(git("ls-files", "-z", "--others", "--exclude-standard")), "\x00"), "\x00")
	slices.Sort(list)
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

func ourFiles(t *testing.T, dir string) []string {
	t.Helper()
	tree, _, err := FromDir(dir, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, f := range tree.Files() {
		list = append(list, f.Path)
	}
	slices.Sort(list)
	return list
}

func TestGitignoreAsGitReadsIt(t *testing.T) {
	files := map[string]string{}
	for _, p := range []string{
		"a", "b", "a.log", "keep.log", "a.txt", "x/a.log", "x/keep.log", "x/y/a", "x/y/b.txt", "build/out", "x/build/out", "doc/a.txt", "doc/sub/a.txt",
		"#hash", "!bang", "sp ace", "trail ", "[x]", "ab", "a-b", "a]b", "é", "x/.hidden", "foo/bar/baz", "foo/baz", "q/foo/bar/baz", "deep/a/b/c/d.o", "star*",
	} {
		files[p] = ""
	}
	for _, ignore := range []string{
		"*.log\n!keep.log\n", "build/\n", "/build\n", "/a\n", "x/y\n", "doc/*.txt\n", "doc/**/*.txt\n", "**/foo\n", "**/foo/bar\n", "foo/**\n", "foo/**/baz\n",
		"foo/*\n!foo/bar\n", "foo\n!foo/bar\n", "# c\n\\#hash\n\\!bang\n", "trail \n", "trail\\ \n", "sp ace   \n", "\\[x\\]\n", "[a-b]\n", "[!a]\n", "[^a]\n", "a[b\n", "a[]-]b\n",
		"?\n", "a?b\n", "*\n!*/\n!*.txt\n", "/*\n!/x\n", "*/a\n", "x/**/\n", "**/\n", "**\n", "a**\n", "deep/**/*.o\n", "[[:alpha:]]\n", "[[:digit:]a]\n", "\\a\n", "star\\*\n", "a\\\n",
		"*.[lt]og\r\n", "\ufeffa\n", "/\n", "!\n", "x/\n!x/y/\n", "é\n", "a\n!a\na\n", "x//y\n", "[a\\-b]\n", "[\\]]\n", "[z-a]\n", "deep/a/**/c\n", "***\n", "foo/***/baz\n", "x/y/**\n!x/y/b.txt\n",
	} {
		t.Run(ignore, func(t *testing.T) {
			files[".gitignore"] = ignore
			dir := writeDir(t, files)
			if diff := cmp.Diff(gitFiles(t, dir), ourFiles(t, dir)); diff != "" {
				t.Error("git -, we +", diff)
			}
		})
	}
}

func TestNestedGitignore(t *testing.T) {
	dir := writeDir(t, map[string]string{
		".gitignore": "*.log\n/out\nsecret/\n", "a.log": "", "out": "", "x/.gitignore": "!keep.log\n/out\nlocal\n", "x/keep.log": "", "x/a.log": "", "x/out": "",
		"x/y/out": "", "x/y/local": "", "local": "", "x/y/.gitignore": "!local\n", "secret/.gitignore": "!*\n", "secret/k": "",
		"z/.gitignore": "-> ../x/.gitignore", "z/local": "", "w/.gitignore/": "", "w/a": "",
	})
	if diff := cmp.Diff(gitFiles(t, dir), ourFiles(t, dir)); diff != "" {
		t.Error("git -, we +", diff)
	}
}

// Random patterns over few letters meet each other and the files often.
func TestRandomGitignoreAsGitReadsIt(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	for range 60 {
		files := map[string]string{}
		for _, name := range []string{"a", "b", "ab", "a/b", "b/a", "a/a/b", "b/b/a", "ab/a/b/ab", "b/ab"} {
			if rng.IntN(3) > 0 {
				files["r/"+name+"/f"+pick("", "a", "b")] = ""
			}
		}
		for _, at := range []string{"", "r/", "r/a/"} {
			var text strings.Builder
			for range rng.IntN(4) {
				text.WriteString(pick("", "", "!") + pick("", "", "/", "**/"))
				for n := 1 + rng.IntN(3); n > 0; n-- {
					text.WriteString(pick("a", "b", "*", "?", "r", "f", "**", "[ab]", "[!a]"))
					if n > 1 {
						text.WriteString(pick("/", "", "/**/"))
					}
				}
				text.WriteString(pick("", "", "/", "/**", "/*") + "\n")
			}
			files[at+".gitignore"] = text.String()
		}
		dir := writeDir(t, files)
		if diff := cmp.Diff(gitFiles(t, dir), ourFiles(t, dir)); diff != "" {
			t.Errorf("%q\ngit -, we + %s", files, diff)
		}
	}
}

func FuzzGitPattern(f *testing.F) {
	for _, s := range []string{"a**/b", "[[:alpha:]-\\]x]", "!/x/", "\\", "[", "[]", "[^", "[[:nope:]]", "é?"} {
		f.Add(s, "a/b")
	}
	f.Fuzz(func(_ *testing.T, pattern, p string) {
		parseGitignore(".", []byte(pattern)).decide(p, true)
		parseGitignore("a", []byte(pattern)).decide("a/"+p, false)
	})
}
