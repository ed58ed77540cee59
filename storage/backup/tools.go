package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/lib/pq"

	"previewd/storage/embedded"
)

// ErrNoPrograms says that PostgreSQL's client programs are not installed.
var ErrNoPrograms = errors.New("pg_dump, pg_restore and psql are not installed")

// Database is one to back up or to restore into.
type Database struct {
	URL      string
	Programs string // the folder of PostgreSQL's programs; "" is the newest that is installed
}

// tools run PostgreSQL's programs on one database.
type tools struct {
	dir string
	env []string
}

func toolsFor(ctx context.Context, db Database) (tools, error) {
	cfg, err := pq.NewConfig(db.URL)
	if err != nil {
		// The parser's own words may quote the URL, and with it a password.
		return tools{}, errors.New("database URL cannot be parsed: want postgres://user:password@host:port/name")
	}
	dir := db.Programs
	if dir == "" {
		if dir, err = newestPrograms(ctx, embedded.ProgramFolders()); err != nil {
			return tools{}, err
		}
	}
	return tools{dir: dir, env: environ(cfg)}, nil
}

// environ tells the programs where the database is. Their command lines could be read by everybody on the machine.
func environ(cfg pq.Config) []string {
	// The folder of a private server may be known by a descriptor of this process.
	host := strings.Replace(cfg.Host, "/proc/self/", fmt.Sprintf("/proc/%d/", os.Getpid()), 1)
	env := []string{
		"PATH=/usr/bin:/bin", "LC_ALL=C", "HOME=" + os.Getenv("HOME"), "PGAPPNAME=previewd backup", "PGCONNECT_TIMEOUT=10",
		"PGHOST=" + host, "PGPORT=" + strconv.Itoa(int(cfg.Port)), "PGUSER=" + cfg.User, "PGDATABASE=" + cfg.Database,
	}
	for name, value := range map[string]string{
		"PGPASSWORD": cfg.Password, "PGPASSFILE": cfg.Passfile, "PGSSLMODE": string(cfg.SSLMode),
		"PGSSLCERT": cfg.SSLCert, "PGSSLKEY": cfg.SSLKey, "PGSSLROOTCERT": cfg.SSLRootCert,
	} {
		if value != "" {
			env = append(env, name+"="+value)
		}
	}
	if cfg.Hostaddr.IsValid() {
		env = append(env, "PGHOSTADDR="+cfg.Hostaddr.String())
	}
	return env
}

func (t tools) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(t.dir, name), args...)
	cmd.Env = t.env
	return cmd
}

// run waits for a program's end. Its error is what the program said.
func run(ctx context.Context, cmd *exec.Cmd) error {
	var said bytes.Buffer
	cmd.Stderr = &said
	err := cmd.Run()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return failure(cmd, said.String(), err)
	}
	return nil
}

// mostSaid bounds what of a program's words gets into an error.
const mostSaid = 1000

func failure(cmd *exec.Cmd, said string, err error) error {
	text := strings.TrimSpace(said)
	if len(text) > mostSaid {
		text = text[:mostSaid] + " …"
	}
	if text == "" {
		return fmt.Errorf("%s: %w", filepath.Base(cmd.Path), err)
	}
	return fmt.Errorf("%s: %w: %s", filepath.Base(cmd.Path), err, text)
}

// newestPrograms chooses the folder with all three programs: older ones refuse a newer server, newer ones read older servers.
func newestPrograms(ctx context.Context, dirs []string) (string, error) {
	newest, chosen := 0, ""
	for _, dir := range dirs {
		if v := clientVersion(ctx, dir); v >= newest && v > 0 {
			newest, chosen = v, dir // of one version the longer path, /usr/lib: Debian's in /usr/bin choose among clusters
		}
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if chosen == "" {
		return "", fmt.Errorf("%w: install them in the server's version (Debian: apt-get install postgresql-client)", ErrNoPrograms)
	}
	return chosen, nil
}

var versionText = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

func clientVersion(ctx context.Context, dir string) int {
	for _, name := range []string{"pg_restore", "psql"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return 0
		}
	}
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "pg_dump"), "--version").Output()
	if err != nil {
		return 0
	}
	match := versionText.FindSubmatch(out)
	if match == nil {
		return 0
	}
	major, _ := strconv.Atoi(string(match[1])) // digits, too few to overflow
	return major
}
