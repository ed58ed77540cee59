package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Errors about what is installed.
var (
	ErrNotInstalled = errors.New("no PostgreSQL server found on this machine")
	ErrVersion      = errors.New("cluster was made by another version of PostgreSQL")
)

// oldest major version that is used.
const oldest = 13

// usualPlaces are glob patterns, besides PATH, of folders with PostgreSQL's programs.
var usualPlaces = []string{
	"/usr/lib/postgresql/*/bin", // Debian
	"/usr/pgsql-*/bin",          // PostgreSQL's own RPMs
	"/usr/local/pgsql/bin",
	"/usr/local/bin",
	"/usr/bin",
}

// binaries are the programs of one installed PostgreSQL.
type binaries struct {
	dir   string
	major int
}

// find returns the newest installed PostgreSQL, or of the given major version unless that is 0.
func find(ctx context.Context, dirs []string, major int) (binaries, error) {
	if dirs == nil {
		dirs = ProgramFolders()
	}
	var installed []binaries
	for _, dir := range dirs {
		if v := majorOf(ctx, dir); v >= oldest {
			installed = append(installed, binaries{dir: dir, major: v})
		}
	}
	if len(installed) == 0 {
		return binaries{}, fmt.Errorf("%w (initdb and postgres, version %d or newer): install it "+
			"(Debian: apt-get install postgresql) or set PREVIEW_DATABASE_URL to a server of yours", ErrNotInstalled, oldest)
	}
	newest := slices.MaxFunc(installed, func(a, b binaries) int { return a.major - b.major })
	if major == 0 {
		return newest, nil
	}
	for _, b := range installed {
		if b.major == major {
			return b, nil
		}
	}
	return binaries{}, fmt.Errorf("%w: it needs version %d, this machine has %d: install version %d "+
		"(Debian: apt-get install postgresql-%d), upgrade the cluster with pg_upgrade, or move the folder away to start empty",
		ErrVersion, major, newest.major, major, major)
}

// ProgramFolders are where PostgreSQL's programs may be: the folders of PATH and the usual ones.
func ProgramFolders() []string {
	var dirs []string
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if filepath.IsAbs(dir) {
			dirs = append(dirs, dir)
		}
	}
	for _, pattern := range usualPlaces {
		found, _ := filepath.Glob(pattern) // fails on a malformed pattern only
		dirs = append(dirs, found...)
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

var versionLine = regexp.MustCompile(`^postgres \(PostgreSQL\) (\d+)`)

// majorOf returns the major version of the PostgreSQL in dir, 0 if there is none.
func majorOf(ctx context.Context, dir string) int {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return 0
	}
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return 0
	}
	match := versionLine.FindSubmatch(out)
	if match == nil {
		return 0
	}
	major, _ := strconv.Atoi(string(match[1])) // digits, too few to overflow
	return major
}

// clusterVersion returns the major version of the cluster in data, 0 if there is none.
func clusterVersion(data string) (int, error) {
	file, err := os.Open(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		if _, err := os.Lstat(data); err == nil {
			return 0, fmt.Errorf("%s is not a PostgreSQL cluster: move it away", data)
		}
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("cluster's version: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(file, 8))
	if err = errors.Join(err, file.Close()); err != nil {
		return 0, fmt.Errorf("cluster's version: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || major <= 0 || major > 999 {
		return 0, fmt.Errorf("%s/PG_VERSION is not a version: move the folder away", data)
	}
	return major, nil
}

// command runs one of the programs with nothing of this process's environment: PG… variables would change what it does.
func (b binaries) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(b.dir, name), args...) //nolint:noctx // ended by signals that PostgreSQL understands
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + b.dir + ":/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}
	return cmd
}
