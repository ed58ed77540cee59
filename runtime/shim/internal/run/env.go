package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"previewd/runtime/shim/internal/wire"
)

var errNoConfig = errors.New(wire.EnvConfig + " is not set: this program is started by previewd")

// takeConfig reads the Config from the environment and returns the environment of the app, which is without it.
func takeConfig(environ []string) (wire.Config, []string, error) {
	var c wire.Config
	at := slices.IndexFunc(environ, func(kv string) bool { return strings.HasPrefix(kv, wire.EnvConfig+"=") })
	if at < 0 {
		return c, nil, errNoConfig
	}
	if err := json.Unmarshal([]byte(environ[at][len(wire.EnvConfig)+1:]), &c); err != nil {
		return c, nil, fmt.Errorf("read %s: %w", wire.EnvConfig, err)
	}
	if err := check(c); err != nil {
		return c, nil, err
	}
	env := slices.DeleteFunc(slices.Clone(environ), func(kv string) bool { return strings.HasPrefix(kv, wire.EnvConfig+"=") })
	return c, appEnv(env, c.Port), nil
}

func check(c wire.Config) error {
	switch {
	case c.Port < 1 || c.Port > 65535:
		return fmt.Errorf("port %d: not a TCP port", c.Port)
	case len(c.Command) == 0 && c.StaticDir == "":
		return errors.New("neither a command nor a folder to serve")
	}
	return nil
}

// appEnv adds what apps are told about their place.
func appEnv(env []string, port int) []string {
	env = set(env, "PORT", strconv.Itoa(port))
	env = set(env, "PYTHONUNBUFFERED", "1")
	if _, ok := lookup(env, "HOST"); !ok {
		env = set(env, "HOST", "0.0.0.0")
	}
	if home, _ := lookup(env, "HOME"); !usableHome(home) {
		env = set(env, "HOME", "/tmp")
	}
	return addPython(env, wire.Dir+"/python")
}

// addPython puts the fix-ups for Python frameworks first on its path. Programs of other languages don't look there.
func addPython(env []string, dir string) []string {
	if _, err := os.Stat(dir); err != nil {
		return env
	}
	path, _ := lookup(env, "PYTHONPATH")
	parts := slices.DeleteFunc(strings.Split(path, ":"), func(part string) bool { return part == dir || part == "" })
	return set(env, "PYTHONPATH", strings.Join(append([]string{dir}, parts...), ":"))
}

// usableHome: the engine sets HOME to "/" for a user without a home, and package managers must write there.
func usableHome(home string) bool {
	return home != "" && home != "/" && unix.Access(home, unix.W_OK) == nil
}

func lookup(env []string, name string) (string, bool) {
	for _, kv := range env {
		if key, value, ok := strings.Cut(kv, "="); ok && key == name {
			return value, true
		}
	}
	return "", false
}

func set(env []string, name, value string) []string {
	env = slices.DeleteFunc(env, func(kv string) bool { return strings.HasPrefix(kv, name+"=") })
	return append(env, name+"="+value)
}

// hide keeps processes of the same user, the app, from reading this one's memory and environment, which hold the nonce.
func hide() error {
	if err := os.Unsetenv(wire.EnvConfig); err != nil {
		return err
	}
	return unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}
